//! Builds and installs what the contenders need, and starts them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::process::Process;
use super::works::Contender;
use crate::browser;
use crate::data;
use crate::node::Node;
use crate::page;
use crate::paths::Paths;
use crate::problem::{Explain, Outcome};
use crate::python;
use crate::serve::Server;
use crate::stamp::files;
use crate::tool::Tool;
use crate::wasm::{self, Care, Library};

/// What is served to Chromium of the peers' packages.
const PEERS: [&str; 6] = [
    "@tensorflow/tfjs/dist/tf.min.js",
    "@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm",
    "convnetjs/build/convnet-min.js",
];

const KERNEL: Library = Library {
    manifest: "benches/core/Cargo.toml",
    name: "bench_core",
    sources: &["src", "crates", "Cargo.toml", "Cargo.lock", "benches/core"],
    halved: false,
    flags: &wasm::SMALL,
};

const BURN: Library = Library {
    manifest: "benches/burn/Cargo.toml",
    name: "bench_burn",
    sources: &["benches/burn"],
    halved: false,
    flags: &[],
};

/// Where contenders are started.
pub struct Setup<'a> {
    paths: &'a Paths,
    node: Node,
    chromium: PathBuf,
    /// Where the benchmark's pages are served.
    pages: String,
    /// Where the finished page is served.
    site: Option<String>,
}

impl<'a> Setup<'a> {
    /// Builds what is ours, and all that contenders in a browser need.
    pub fn new(paths: &'a Paths, contenders: &BTreeSet<Contender>) -> Outcome<Self> {
        wasm::build(paths, Care::Finished)?;
        data::pack(paths, None)?;
        let chromium = browser::chromium(&Node::installed(paths)?)?;
        let node = Node::installed_in(&folder(paths).join("web"), "the benchmark's peers")?;

        let pages = output(paths).join("web");
        let _ = fs::remove_dir_all(&pages);
        copy(&folder(paths).join("web"), &pages)?;
        copy(&paths.generated(), &pages.join("secateurs"))?;
        copy(&paths.data(), &pages.join("data"))?;
        for file in PEERS {
            let name = file.rsplit('/').next().unwrap_or(file);
            copy_file(&node.file_of(file), &pages.join("peers").join(name))?;
        }
        if contenders.contains(&Contender::Kernel) {
            wasm::build_like_the_core(paths, &KERNEL, &pages.join("kernel"))?;
        }
        if contenders.contains(&Contender::Native) {
            println!("Compiling the core natively.");
            let build =
                Tool::cargo().args(["build", "--locked", "--release", "--package", "bench-core"]);
            build.within(&paths.root).named("the native build").run()?;
        }
        let mut site = None;
        if contenders.contains(&Contender::Site) {
            page::build(paths, None, Care::Finished)?;
            site = Some(served(&paths.site())?);
        }
        let pages = served(&pages)?;
        Ok(Self { paths, node, chromium, pages, site })
    }

    /// Starts a contender, after installing what only it needs.
    pub fn start(&self, contender: Contender) -> Outcome<Process> {
        let tool = match contender {
            Contender::Ours => self.page("ours", &self.pages),
            Contender::Kernel => self.page("kernel", &self.pages),
            Contender::TfjsWasm => self.page("tfjs-wasm", &self.pages),
            Contender::TfjsCpu => self.page("tfjs-cpu", &self.pages),
            Contender::ConvNetJs => self.page("convnetjs", &self.pages),
            Contender::Site => self.page("site", self.site.as_deref().unwrap_or_default()),
            Contender::Burn => {
                println!("Burn builds for a quarter of an hour the first time.");
                let folder = output(self.paths).join("web/burn");
                wasm::build_like_the_core(self.paths, &BURN, &folder)?;
                self.page("burn", &self.pages)
            }
            Contender::Native => {
                let program = format!("release/bench-core{}", std::env::consts::EXE_SUFFIX);
                Tool::new(self.paths.target.join(program)).arg(&self.paths.data())
            }
            Contender::Torch => self.python("torch")?,
            Contender::NumPy => self.python("numpy")?,
        };
        Process::start(tool)
    }

    fn page(&self, contender: &str, address: &str) -> Tool {
        self.node
            .file(&folder(self.paths).join("web/drive.js"))
            .args([contender])
            .env("SECATEURS_URL", address)
            .env("SECATEURS_CHROMIUM", &self.chromium)
    }

    fn python(&self, peer: &str) -> Outcome<Tool> {
        let python = python::PEERS.python(self.paths)?;
        let script = folder(self.paths).join("python/peers.py");
        let tool = Tool::new(python).env("PYTHONDONTWRITEBYTECODE", "1").arg(&script);
        Ok(tool.args([peer]).arg(&self.paths.data()))
    }
}

/// The benchmark's sources.
fn folder(paths: &Paths) -> PathBuf {
    paths.root.join("benches")
}

/// What the benchmark writes.
pub fn output(paths: &Paths) -> PathBuf {
    paths.target.join("bench")
}

fn served(folder: &Path) -> Outcome<String> {
    let server = Server::bind(folder, "/", 0)?;
    let address = server.address()?;
    server.serve_aside();
    Ok(address)
}

/// Copies a folder, but not what was installed into it.
fn copy(from: &Path, to: &Path) -> Outcome {
    for file in files(from)? {
        let name = file.strip_prefix(from).unwrap_or(&file);
        if !name.starts_with("node_modules") {
            copy_file(&file, &to.join(name))?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Outcome {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).explain(format!("cannot make {}", folder.display()))?;
    }
    fs::copy(from, to).explain(format!("cannot write {}", to.display()))?;
    Ok(())
}
