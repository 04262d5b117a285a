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
    let by_hand = format!("{told} must be installed: run `apt-get install {told}` as root");
    let Some(mut apt) = as_root() else {
        return problem(by_hand);
    };
    if !packages.iter().all(|package| is_known(package)) {
        as_root()
            .ok_or_else(|| Problem(by_hand.clone()))?
            .args(["-q", "update"])
            .run()?;
    }
    if let Some(unknown) = packages.iter().find(|package| !is_known(package)) {
        return problem(format!(
            "this Debian has no package {unknown}, which is needed"
        ));
    }
    println!("Installing {told}.");
    apt = apt
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(packages);
    apt.run()
        .map_err(|Problem(failed)| Problem(format!("{by_hand} ({failed})")))
}

/// The newest of the packages named by this prefix and a number.
pub fn newest(prefix: &str) -> Outcome<String> {
    let search = || {
        let pattern = format!("^{prefix}[0-9]+$");
        Tool::new("apt-cache")
            .args(["search", "--names-only", &pattern])
            .read()
    };
    let mut listed = search()?;
    if listed.trim().is_empty()
        && let Some(apt) = as_root()
    {
        apt.args(["-q", "update"]).run()?;
        listed = search()?;
    }
    newest_of(prefix, &listed).ok_or_else(|| {
        Problem(format!(
            "this Debian has no package {prefix}N, which is needed"
        ))
    })
}

fn newest_of(prefix: &str, listed: &str) -> Option<String> {
    let numbers = listed.lines().filter_map(|line| {
        line.split_whitespace()
            .next()?
            .strip_prefix(prefix)?
            .parse::<u32>()
            .ok()
    });
    numbers.max().map(|number| format!("{prefix}{number}"))
}

/// Whether apt has a version of this package to install.
fn is_known(package: &str) -> bool {
    let said = Tool::new("apt-cache")
        .args(["policy", package])
        .read()
        .unwrap_or_default();
    said.lines()
        .any(|line| line.contains("Candidate:") && !line.contains("(none)"))
}

/// `apt-get` with the right to install, if there is a way that asks nobody for a password.
fn as_root() -> Option<Tool> {
    let root = Tool::new("id")
        .args(["-u"])
        .read()
        .is_ok_and(|id| id.trim() == "0");
    let apt = if root {
        Tool::new("apt-get")
    } else {
        let sudo = || Tool::new("sudo").args(["-n"]);
        if !sudo()
            .args(["true"])
            .succeeds_within(Duration::from_secs(5))
        {
            return None;
        }
        sudo().args(["apt-get"]).named("apt-get")
    };
    Some(apt.env("DEBIAN_FRONTEND", "noninteractive"))
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
