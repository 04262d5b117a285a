#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| secateurs_fuzz::run("npz", bytes));
