//! The core natively, as a contender of the benchmark: a request a line in, an answer a line out.

mod native;

use native::Native;
use serde_json::{Value, json};
use std::io::{BufRead, Write, stdin, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), String> {
    let folder = std::env::args().nth(1).ok_or("Where are the packed images?")?;
    let mut native = Native::new(folder.as_ref())?;
    say(&json!({ "ready": format!("native, {}", std::env::consts::ARCH) }))?;
    for line in stdin().lock().lines() {
        let line = line.map_err(|error| error.to_string())?;
        let request: Value = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        say(&native.answer(&request).unwrap_or_else(|sentence| json!({ "error": sentence })))?;
    }
    Ok(())
}

fn say(answer: &Value) -> Result<(), String> {
    writeln!(stdout(), "{answer}").map_err(|error| error.to_string())
}
