//! A contender's process: a request a line in, an answer a line out, both JSON.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::problem::{Explain, Outcome, problem};
use crate::tool::Tool;

/// What the slowest work takes, many times over: whoever says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(300);

/// A contender that waits for requests.
pub struct Process {
    child: Child,
    /// Dropped at the end: a contender ends when there are no more requests.
    input: Option<ChildStdin>,
    answers: Receiver<std::io::Result<String>>,
    /// What it says it is, with versions.
    pub version: String,
}

impl Process {
    /// Starts a contender and waits until it is ready.
    pub fn start(tool: Tool) -> Outcome<Self> {
        let mut child = tool.talk()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let Some(output) = output else {
            return problem("a contender's answers cannot be read");
        };
        let (sender, answers) = channel();
        spawn(move || {
            BufReader::new(output).lines().try_for_each(|line| sender.send(line)).ok();
        });
        let mut process = Self { child, input, answers, version: String::new() };
        process.version = process.answer()?["ready"].as_str().unwrap_or_default().to_owned();
        Ok(process)
    }

    /// Has one work done.
    pub fn ask(&mut self, request: &Value) -> Outcome<Value> {
        if let Some(input) = &mut self.input {
            writeln!(input, "{request}").explain("it does not listen")?;
            input.flush().explain("it does not listen")?;
        }
        self.answer()
    }

    fn answer(&mut self) -> Outcome<Value> {
        let line = match self.answers.recv_timeout(PATIENCE) {
            Ok(line) => line.explain("its answer cannot be read")?,
            Err(RecvTimeoutError::Disconnected) => return problem("it ended without an answer"),
            Err(RecvTimeoutError::Timeout) => {
                // What it might still say would be taken for the next answer.
                let _ = self.child.kill();
                return problem(format!("it said nothing for {} minutes", PATIENCE.as_secs() / 60));
            }
        };
        let answer: Value = serde_json::from_str(&line).explain("its answer is no JSON")?;
        match answer["error"].as_str() {
            Some(error) => problem(error.trim_end_matches('.')),
            None => Ok(answer),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.input = None;
        // A browser needs a moment to end; killed, it would leave its own children behind.
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
