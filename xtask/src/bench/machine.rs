//! What the benchmark ran on.

use std::fs;
use std::thread;

use crate::tool::Tool;

/// The processor, and how many of its cores there are.
pub fn machine() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let plural = if cores == 1 { "core" } else { "cores" };
    format!("{}, {cores} {plural}, {}", processor(), std::env::consts::OS)
}

fn processor() -> String {
    let unknown = || "unknown processor".to_owned();
    if cfg!(target_os = "macos") {
        let asked = Tool::new("sysctl").args(["-n", "machdep.cpu.brand_string"]).read();
        return asked.map_or_else(|_| unknown(), |said| said.trim().to_owned());
    }
    let told = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let value = |key: &str| {
        let line = told.lines().find(|line| line.starts_with(key))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    let Some(name) = value("model name") else {
        return unknown();
    };
    // A virtual machine may hide the name's end; family and model tell the generation.
    match (value("cpu family"), value("model\t")) {
        (Some(family), Some(model)) => format!("{name} (family {family}, model {model})"),
        _ => name,
    }
}
