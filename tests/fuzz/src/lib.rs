//! The bounds that no input may break, around what `targets` runs.

#[path = "../targets/mod.rs"]
pub mod targets;

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use targets::MOST_BYTES;

/// The most that one call of a reader may take of the processor, in nanoseconds: time in which
/// others had the processor is not counted.
const MOST_TIME: u64 = 50_000_000;

/// The largest that were seen.
static BYTES: AtomicU64 = AtomicU64::new(0);
static TIME: AtomicU64 = AtomicU64::new(0);

/// Runs a target on an input of the fuzzer's.
///
/// # Panics
/// When a bound is broken: the fuzzer then keeps the input.
pub fn run(name: &str, input: &[u8]) {
    static ONCE: Once = Once::new();
    // Safe: the function is one of C's, and is called once, at the end.
    ONCE.call_once(|| {
        unsafe { libc::atexit(report) };
    });
    targets::run(name, input, &mut |read| {
        let before = now();
        let bytes = allocation_counter::measure(&mut *read).bytes_max;
        let time = now() - before;
        BYTES.fetch_max(bytes, Ordering::Relaxed);
        TIME.fetch_max(time, Ordering::Relaxed);
        assert!(bytes <= MOST_BYTES, "{bytes} bytes were held");
        assert!(time <= MOST_TIME, "{time} ns were taken");
    });
}

extern "C" fn report() {
    let (bytes, time) = (BYTES.load(Ordering::Relaxed), TIME.load(Ordering::Relaxed));
    eprintln!("Most memory held: {bytes} bytes. Longest call: {:.1} ms.", time as f64 / 1e6);
}

/// Nanoseconds of the processor that this thread has taken.
fn now() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // Safe: it writes into what it is given.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
