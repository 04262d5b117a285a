//! Runs other programs.

use std::ffi::OsStr;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::problem::{Explain, Outcome, Problem, problem};

/// A program about to be run.
pub struct Tool {
    command: Command,
    program: String,
    name: String,
    advice: &'static str,
}

impl Tool {
    /// A program on the PATH, or at a path.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let name = Path::new(program.as_ref()).file_name();
        let name = name.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut command = Command::new(program);
        // Nothing here ever asks the user, and a program that does must not wait for ever.
        command.stdin(Stdio::null());
        // Colours are for people: a log shows their codes instead.
        if !io::stdout().is_terminal() {
            command.env("NO_COLOR", "1");
        }
        Self { command, program: name.clone(), name, advice: "install it" }
    }

    /// The cargo that started this program.
    pub fn cargo() -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self::cargos(cargo)
    }

    /// A program that starts cargo.
    pub fn cargos(program: impl AsRef<OsStr>) -> Self {
        Self::new(program).without_cargos_own_words()
    }

    /// What to do if the program is not there.
    pub fn or(mut self, advice: &'static str) -> Self {
        self.advice = advice;
        self
    }

    /// What the program is called in messages.
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Adds arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Adds a path as an argument.
    pub fn arg(mut self, path: &Path) -> Self {
        self.command.arg(path);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Removes environment variables.
    pub fn without(mut self, keys: &[&str]) -> Self {
        for key in keys {
            self.command.env_remove(key);
        }
        self
    }

    /// Runs in this folder.
    pub fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Removes what the outer cargo says about the xtask package: it is not true of a build
    /// started from here, and some of it would change that build.
    fn without_cargos_own_words(mut self) -> Self {
        for (key, _) in std::env::vars_os() {
            let name = key.to_string_lossy();
            if OUTER_CARGO.iter().any(|prefix| name.starts_with(prefix)) {
                self.command.env_remove(&key);
            }
        }
        self
    }

    /// Runs the program and shows what it prints; its failure is a problem.
    pub fn run(self) -> Outcome {
        let name = self.name.clone();
        finished(&name, self.spawn()?.wait().explain(format!("cannot run {name}"))?)
    }

    /// Runs the program and returns what it prints; its failure is a problem.
    pub fn read(mut self) -> Outcome<String> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let name = self.name.clone();
        let output = self.spawn()?.wait_with_output().explain(format!("cannot run {name}"))?;
        if let Err(Problem(failed)) = finished(&name, output.status) {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().rev().find(|line| !line.trim().is_empty());
            return problem(last.map_or(failed.clone(), |last| format!("{failed}: {last}")));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs the program silently for at most this long, and says whether it succeeded.
    pub fn succeeds_within(mut self, limit: Duration) -> bool {
        self.command.stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(mut child) = self.spawn() else {
            return false;
        };
        let end = Instant::now() + limit;
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return status.success(),
                Ok(None) if Instant::now() < end => sleep(Duration::from_millis(50)),
                _ => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return false;
                }
            }
        }
    }

    /// Starts the program, to write to it and to read what it prints.
    pub fn talk(mut self) -> Outcome<Child> {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped());
        self.spawn()
    }

    /// Starts the program without waiting for its end.
    pub fn spawn(mut self) -> Outcome<Child> {
        self.command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                Problem(format!("{} was not found: {}", self.program, self.advice))
            }
            _ => Problem(format!("cannot run {}: {error}", self.name)),
        })
    }
}

/// Set by `cargo run` for the program it runs, or meant for the outer build only.
const OUTER_CARGO: [&str; 9] = [
    "CARGO_BIN",
    "CARGO_BUILD_TARGET",
    "CARGO_CRATE_NAME",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_MANIFEST",
    "CARGO_PKG",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_TARGET_DIR",
    "OUT_DIR",
];

/// The first of these programs that is on the PATH.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        folders.iter().map(|folder| folder.join(&file)).find(|candidate| candidate.is_file())
    })
}

fn finished(name: &str, status: ExitStatus) -> Outcome {
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => problem(format!("{name} failed with exit code {code}")),
        None => problem(format!("{name} was stopped from outside")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_told_with_advice() {
        let missing = Tool::new("no-such-program-here").or("install it from somewhere").run();
        let sentence = "no-such-program-here was not found: install it from somewhere";
        assert_eq!(missing, problem(sentence));
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        if on_path(&["sleep"]).is_some() {
            let begin = Instant::now();
            assert!(!Tool::new("sleep").args(["30"]).succeeds_within(Duration::from_millis(100)));
            assert!(begin.elapsed() < Duration::from_secs(10));
        }
    }
}
