//! A small server of static files, for this machine only.
//!
//! It speaks just enough HTTP for a browser that loads a page, so it is a page of code instead
//! of a framework.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::problem::{Explain, Outcome};

/// A server that answers until the program ends.
pub struct Server {
    listener: TcpListener,
    site: Site,
}

/// A folder, the path it is served under, what is said with every file, and with those that are
/// named by their contents.
#[derive(Clone)]
struct Site {
    folder: PathBuf,
    under: String,
    headers: String,
    named: String,
}

impl Server {
    /// Takes this port of the local machine, or a free one if it is taken. `under` is the path
    /// that the folder is served under, such as `/`.
    pub fn bind(folder: &Path, under: &str, port: u16) -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .explain("no port is free to serve the page on")?;
        Ok(Self { listener, site: Site::new(folder, under) })
    }

    /// Where a browser finds the site.
    pub fn address(&self) -> Outcome<String> {
        let port = self.listener.local_addr().explain("the server has no address")?.port();
        Ok(format!("http://localhost:{port}{}", self.site.under))
    }

    /// Answers for ever.
    pub fn serve(self) {
        for stream in self.listener.incoming().flatten() {
            let site = self.site.clone();
            // A visitor who went away in the middle is no problem of ours.
            thread::spawn(move || drop(answer(&site, stream)));
        }
    }

    /// Answers while the program does something else.
    pub fn serve_aside(self) {
        thread::spawn(move || self.serve());
    }
}

/// Written by the page's build for servers that read it: see `www/build/headers.ts`.
const HEADERS: &str = "_headers";

/// The headers of some files: the lines that are set in below a line that says which.
fn headers_of(which: &str, file: &str) -> String {
    let inside = file.lines().skip_while(|line| line.trim_end() != which).skip(1);
    let lines = inside.take_while(|line| line.starts_with(' '));
    lines.map(|line| format!("{}\r\n", line.trim())).collect()
}

/// Longer request lines than any browser sends for a file.
const LONGEST_REQUEST: u64 = 16 * 1024;

fn answer(site: &Site, mut stream: TcpStream) -> std::io::Result<()> {
    // Browsers open connections ahead of need and may never use them.
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut reader = BufReader::new(stream.try_clone()?.take(LONGEST_REQUEST));
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    // The headers say nothing that matters here, but must be read before answering.
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let response = site.respond(&request);
    stream.write_all(response.head(site).as_bytes())?;
    if !request.starts_with("HEAD ") {
        stream.write_all(&response.body)?;
    }
    stream.flush()
}

struct Response {
    status: &'static str,
    kind: &'static str,
    location: Option<String>,
    body: Vec<u8>,
    named: bool,
}

impl Response {
    fn told(status: &'static str) -> Self {
        Self {
            status,
            kind: "text/plain; charset=utf-8",
            location: None,
            body: status.into(),
            named: false,
        }
    }

    fn head(&self, site: &Site) -> String {
        let Self { status, kind, location, body, named } = self;
        let cache = if *named { &site.named } else { "Cache-Control: no-cache\r\n" };
        let headers = &site.headers;
        let length = body.len();
        let location = location.iter().map(|to| format!("Location: {to}\r\n")).collect::<String>();
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{location}\
             {headers}{cache}Connection: close\r\n\r\n"
        )
    }
}

impl Site {
    fn new(folder: &Path, under: &str) -> Self {
        let file = fs::read_to_string(folder.join(HEADERS)).unwrap_or_default();
        let (headers, named) = (headers_of("/*", &file), headers_of("/assets/*", &file));
        Self { folder: folder.to_path_buf(), under: under.to_owned(), headers, named }
    }

    fn respond(&self, request: &str) -> Response {
        let mut words = request.split_whitespace();
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        if method != "GET" && method != "HEAD" {
            return Response::told("405 Method Not Allowed");
        }
        let path = target.split(['?', '#']).next().unwrap_or("");
        let Some(inside) = path.strip_prefix(&self.under) else {
            let location = Some(self.under.clone()).filter(|_| self.under.starts_with(path));
            let status = if location.is_some() { "302 Found" } else { "404 Not Found" };
            return Response { location, ..Response::told(status) };
        };
        let Some(mut file) = within(&self.folder, inside) else {
            return Response::told("400 Bad Request");
        };
        if file.is_dir() {
            file.push("index.html");
        }
        match fs::read(&file) {
            Ok(body) => {
                let named = !self.named.is_empty() && inside.starts_with("assets/");
                Response { status: "200 OK", kind: kind(&file), location: None, body, named }
            }
            Err(_) => Response::told("404 Not Found"),
        }
    }
}

/// The file that a request names, never one outside the folder.
fn within(folder: &Path, path: &str) -> Option<PathBuf> {
    let decoded = decode(path)?;
    let mut file = folder.to_path_buf();
    for part in decoded.split('/').filter(|part| !part.is_empty()) {
        // Windows also takes back slashes as separators and colons as drives and streams.
        if part == "." || part == ".." || part.contains(['\\', ':', '\0']) {
            return None;
        }
        file.push(part);
    }
    Some(file)
}

/// Undoes %-encoding.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let [high, low, tail @ ..] = tail else {
                return None;
            };
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            bytes.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
            rest = tail;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// What a browser must be told that a file is; wasm is compiled while it arrives only under its
/// own type.
fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("ico") => "image/x-icon",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn site(scratch: &Scratch, under: &str) -> Outcome<Site> {
        scratch.write("index.html", b"hello")?;
        scratch.write("assets/a b.wasm", b"wasm")?;
        Ok(Site::new(scratch.path(), under))
    }

    #[test]
    fn files_come_with_their_types() -> Outcome {
        let scratch = Scratch::new("serve-files")?;
        let site = site(&scratch, "/")?;
        let page = site.respond("GET / HTTP/1.1\r\n");
        assert_eq!((page.status, page.kind), ("200 OK", "text/html; charset=utf-8"));
        assert_eq!(page.body, b"hello");
        let wasm = site.respond("GET /assets/a%20b.wasm?v=1 HTTP/1.1\r\n");
        assert_eq!((wasm.status, wasm.kind), ("200 OK", "application/wasm"));
        assert_eq!(site.respond("GET /none HTTP/1.1\r\n").status, "404 Not Found");
        assert_eq!(site.respond("POST / HTTP/1.1\r\n").status, "405 Method Not Allowed");
        Ok(())
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let folder = Path::new("site");
        for path in
            ["../a", "a/../../b", "%2e%2e/a", "..%2fa", "a\\..\\b", "c:/a", "%", "%zz", "%ff"]
        {
            assert_eq!(within(folder, path), None, "{path}");
        }
        assert_eq!(within(folder, "//etc/passwd"), Some(folder.join("etc/passwd")));
    }

    #[test]
    fn a_site_may_live_under_a_path() -> Outcome {
        let scratch = Scratch::new("serve-under")?;
        let site = site(&scratch, "/a/b/")?;
        assert_eq!(site.respond("GET /a/b/ HTTP/1.1\r\n").body, b"hello");
        assert_eq!(site.respond("GET /index.html HTTP/1.1\r\n").status, "404 Not Found");
        let moved = site.respond("GET / HTTP/1.1\r\n");
        assert_eq!((moved.status, moved.location.as_deref()), ("302 Found", Some("/a/b/")));
        Ok(())
    }

    #[test]
    fn a_browser_is_answered() -> Outcome {
        let scratch = Scratch::new("serve-answer")?;
        scratch.write("index.html", b"hello")?;
        scratch.write("_headers", b"/*\n  X-Test: a: b\n  X-Other: c\n/assets/*\n  X-No: e\n")?;
        let server = Server::bind(scratch.path(), "/", 0)?;
        let address = server.listener.local_addr().explain("no address")?;
        server.serve_aside();
        let mut stream = TcpStream::connect(address).explain("cannot connect")?;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").explain("cannot ask")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).explain("cannot read")?;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nhello"));
        assert!(answer.contains("\r\nX-Test: a: b\r\nX-Other: c\r\n") && !answer.contains("X-No"));
        Ok(())
    }
}
