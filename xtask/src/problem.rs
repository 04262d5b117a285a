//! What goes wrong reaches the user as one sentence.

use std::fmt;

/// One sentence: what is missing or failed, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem(pub String);

/// The result of everything here.
pub type Outcome<T = ()> = Result<T, Problem>;

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A problem told by this sentence.
pub fn problem<T>(sentence: impl Into<String>) -> Outcome<T> {
    Err(Problem(sentence.into()))
}

/// Turns a library's error into a sentence that says what was being done.
pub trait Explain<T> {
    /// `doing` reads like “cannot write x”.
    fn explain(self, doing: impl fmt::Display) -> Outcome<T>;
}

impl<T, E: fmt::Display> Explain<T> for Result<T, E> {
    fn explain(self, doing: impl fmt::Display) -> Outcome<T> {
        self.map_err(|error| {
            Problem(format!("{doing}: {}", error.to_string().trim_end_matches('.')))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_one_sentence() {
        let failed: Result<(), &str> = Err("no such file.");
        let told = failed.explain("cannot read a.txt").map_err(|p| p.to_string());
        assert_eq!(told, Err("cannot read a.txt: no such file".to_owned()));
    }
}
