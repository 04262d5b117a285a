//! Browsers: one to show the page to the user, one to test it in.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::debian;
use crate::node::Node;
use crate::problem::{Outcome, problem};
use crate::tool::{Tool, on_path};

/// Shows an address in the user's browser, where there is one and somebody to look at it.
pub fn open(address: &str) {
    if let Some((program, args)) = opener() {
        // The address is printed, so a browser that does not open is no failure.
        let tool = Tool::new(program).args(args).args([address]);
        tool.succeeds_within(Duration::from_secs(5));
    }
}

/// The command that shows an address in the user's browser.
pub fn opener() -> Option<(&'static str, &'static [&'static str])> {
    let set = |key| std::env::var_os(key).is_some();
    if set("CI") {
        None
    } else if cfg!(windows) {
        Some(("cmd", &["/c", "start", ""]))
    } else if cfg!(target_os = "macos") {
        Some(("open", &[]))
    } else {
        (set("DISPLAY") || set("WAYLAND_DISPLAY")).then_some(("xdg-open", &[]))
    }
}

/// A Chromium for tests: what is on the machine, else what can be installed.
pub fn chromium(node: &Node) -> Outcome<PathBuf> {
    if let Some(found) = here().or_else(|| playwrights(node)) {
        return Ok(found);
    }
    println!("Installing Chromium for the tests, with Playwright.");
    let install = node.tool("@playwright/test/cli.js").args(["install", "--with-deps", "chromium"]);
    // A closed network may swallow the download instead of refusing it.
    install.succeeds_within(Duration::from_secs(240));
    if let Some(found) = playwrights(node) {
        return Ok(found);
    }
    if debian::here() {
        println!("Playwright cannot bring it; installing Debian's Chromium.");
        debian::install(&["chromium"])?;
    }
    let missing = "a Chromium to test in is missing: install Chrome or Chromium, or name one in \
                   the environment variable CHROME";
    here().map_or_else(|| problem(missing), Ok)
}

/// What is installed on the machine.
fn here() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROME") {
        return Some(PathBuf::from(named));
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let edge = ["microsoft-edge", "microsoft-edge-stable", "msedge"];
    let usual = usual_places().into_iter().filter(|path| path.is_file());
    let on_path = names.iter().chain(&edge).filter_map(|name| on_path(&[name]));
    on_path.chain(usual).find(|path| starts(path))
}

/// Where installers put browsers that are not on the PATH.
fn usual_places() -> Vec<PathBuf> {
    if cfg!(target_os = "macos") {
        let apps = ["Google Chrome", "Chromium", "Microsoft Edge"];
        let inside = apps.map(|app| format!("/Applications/{app}.app/Contents/MacOS/{app}"));
        return inside.map(PathBuf::from).to_vec();
    }
    let folders = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"];
    let browsers =
        ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"];
    let folders = folders.iter().filter_map(std::env::var_os).map(PathBuf::from);
    folders.flat_map(|folder| browsers.map(|browser| folder.join(browser))).collect()
}

/// Some distributions put a script in a browser's place that only tells how to install it.
fn starts(browser: &Path) -> bool {
    // On Windows asking for the version would open a window.
    cfg!(windows) || Tool::new(browser).args(["--version"]).succeeds_within(Duration::from_secs(20))
}

/// The browser that Playwright downloaded, if it did.
fn playwrights(node: &Node) -> Option<PathBuf> {
    let ask = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
    let said = node.script(ask).read().ok()?;
    Some(PathBuf::from(said)).filter(|path| path.is_file())
}
