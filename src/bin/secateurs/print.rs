//! How figures are printed.

use secateurs::evaluate::Count;
use std::io::Write;

/// A share of images with its interval.
pub fn share(count: &Count) -> String {
    let percent = |share: f64| 100.0 * share;
    format!(
        "{:5.2} %  [{:.2}, {:.2}]  {} of {}",
        percent(count.correct as f64 / count.total.max(1) as f64),
        percent(count.low),
        percent(count.high),
        count.correct,
        count.total
    )
}

/// Prints to standard output; a reader that has gone away is no failure.
pub fn print(text: &str) -> Result<(), String> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("The result cannot be printed: {error}."))
        }
        _ => Ok(()),
    }
}
