//! The browsers beside Chromium that the page is visited with: Firefox and WebKit.

use std::fs;
use std::path::{Path, PathBuf};

use crate::node::Node;
use crate::paths::Paths;
use crate::problem::Outcome;
use crate::serve::Server;
use crate::tool::on_path;

/// What Debian calls the packages, for whoever misses a browser.
const PACKAGES: &str = "firefox-esr webkit2gtk-driver xvfb";

/// Visits the page in each of the two that is here; one that is not is told, and is no failure.
pub fn visit(paths: &Paths, under: &str) -> Outcome {
    let firefox = on_path(&["firefox-esr"]).or_else(|| on_path(&["firefox"]));
    let webkit = webkit();
    for (name, missing) in [("Firefox", firefox.is_none()), ("WebKit", webkit.is_none())] {
        if missing {
            println!("{name} is not visited: it is not here (Debian has it: {PACKAGES}).");
        }
    }
    if firefox.is_none() && webkit.is_none() {
        return Ok(());
    }
    let server = Server::bind(&paths.site(), under, 0)?;
    let address = server.address()?;
    server.serve_aside();
    let mut tests = Node::installed(paths)?
        .tool("@playwright/test/cli.js")
        .args(["test", "--config", "playwright.browsers.config.ts"])
        .env("SECATEURS_URL", address)
        .named("the visits");
    if let Some(firefox) = firefox {
        tests = tests.env("SECATEURS_FIREFOX", firefox);
    }
    if let Some((driver, browser)) = webkit {
        tests = tests.env("SECATEURS_WEBKIT_DRIVER", driver).env("SECATEURS_WEBKIT", browser);
    }
    tests.run()
}

/// The driver of WebKitGTK, its small browser, and a display for it.
fn webkit() -> Option<(PathBuf, PathBuf)> {
    on_path(&["Xvfb"])?;
    Some((on_path(&["WebKitWebDriver"])?, mini_browser(Path::new("/usr/lib"))?))
}

/// It lies in a folder named by the machine, in one named by the version of the library.
fn mini_browser(libraries: &Path) -> Option<PathBuf> {
    let inside = |folder: PathBuf| fs::read_dir(folder).ok().into_iter().flatten().flatten();
    let mut found: Vec<_> = inside(libraries.to_path_buf())
        .flat_map(|machine| inside(machine.path()))
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("webkit2gtk-"))
        .map(|entry| entry.path().join("MiniBrowser"))
        .filter(|browser| browser.is_file())
        .collect();
    found.sort();
    found.pop()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn the_newest_small_browser_is_found() -> Outcome {
        let scratch = Scratch::new("mini-browser")?;
        assert_eq!(mini_browser(scratch.path()), None);
        scratch.write("machine/webkit2gtk-4.0/MiniBrowser", b"")?;
        scratch.write("machine/webkit2gtk-4.1/MiniBrowser", b"")?;
        scratch.write("machine/other-9/MiniBrowser", b"")?;
        let newest = scratch.path().join("machine/webkit2gtk-4.1/MiniBrowser");
        assert_eq!(mini_browser(scratch.path()), Some(newest));
        Ok(())
    }
}
