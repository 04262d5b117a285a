//! Installs Debian's packages, where that is possible.

use std::path::Path;
use std::time::Duration;

use crate::problem::{Outcome, Problem, problem};
use crate::tool::{Tool, on_path};

/// Whether this is a Debian, or something made from one.
pub fn here() -> bool {
    Path::new("/etc/debian_version").is_file() && on_path(&["apt-get"]).is_some()
}

/// Installs packages, or says in one sentence what the user has to do.
pub fn install(packages: &[&str]) -> Outcome {
    let told = packages.join(" ");
    println!("Installing {told}.");
    let install = || apt_get(&["install", "-y", "--no-install-recommends"])?.args(packages).read();
    // The lists of packages may be missing or old: then they are fetched, and it is tried again.
    if install().is_ok() || (update().is_ok() && install().is_ok()) {
        return Ok(());
    }
    problem(format!(
        "{told} could not be installed: run `apt-get update && apt-get install {told}` as root"
    ))
}

/// The newest of the packages named by this prefix and a number.
pub fn newest(prefix: &str) -> Outcome<String> {
    let search = || {
        let pattern = format!("^{prefix}[0-9]+$");
        Tool::new("apt-cache").args(["search", "--names-only", &pattern]).read()
    };
    let mut listed = search()?;
    if listed.trim().is_empty() {
        update()?;
        listed = search()?;
    }
    newest_of(prefix, &listed)
        .ok_or_else(|| Problem(format!("this Debian has no package {prefix}N, which is needed")))
}

fn newest_of(prefix: &str, listed: &str) -> Option<String> {
    let numbers = listed.lines().filter_map(|line| {
        line.split_whitespace().next()?.strip_prefix(prefix)?.parse::<u32>().ok()
    });
    numbers.max().map(|number| format!("{prefix}{number}"))
}

fn update() -> Outcome {
    apt_get(&["update"])?.read().map(drop)
}

/// `apt-get` with the right to install, if there is a way that asks nobody for a password.
fn apt_get(args: &[&str]) -> Outcome<Tool> {
    let root = Tool::new("id").args(["-u"]).read()?.trim() == "0";
    let sudo = || Tool::new("sudo").args(["-n"]);
    let apt = if root {
        Tool::new("apt-get")
    } else if sudo().args(["true"]).succeeds_within(Duration::from_secs(5)) {
        sudo().args(["apt-get"]).named("apt-get")
    } else {
        return problem("only root can install packages");
    };
    Ok(apt.env("DEBIAN_FRONTEND", "noninteractive").args(args))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_package_is_the_largest_number() {
        let listed = "lld-9 - linker\nlld-19 - linker\nlld-22 - linker\nlld-next - x\n";
        assert_eq!(newest_of("lld-", listed), Some("lld-22".to_owned()));
        assert_eq!(newest_of("lld-", ""), None);
    }
}
