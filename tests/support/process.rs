//! The program itself, started as an operator starts it.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread::JoinHandle,
};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A folder of this test only, removed with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        let name = format!("process-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("a folder for the test");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The program with these arguments and none of the settings around the test.
pub(crate) fn command(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_manger-local"));
    command.env_clear().env("TMPDIR", folder).args(arguments).stdin(Stdio::null());
    command
}

/// The arguments with which a program works on the database of a site.
pub(crate) fn same_database(site: &super::Site) -> Vec<String> {
    let mut arguments = vec!["--data-dir".to_owned(), site.folder().display().to_string()];
    if let Some(url) = &site.app.config.database_url {
        arguments.extend(["--database-url".to_owned(), url.clone()]);
    }
    arguments
}

/// Runs the program to its end.
pub(crate) fn run(arguments: &[&str], folder: &Path) -> Output {
    command(arguments, folder).output().expect("the program starts")
}

/// A server that answers; it is ended with the test.
pub(crate) struct RunningServer {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
    /// What it says until it ends.
    said: Option<JoinHandle<String>>,
}

impl RunningServer {
    /// Starts `serve` with these further arguments on a free port and waits until it answers.
    pub(crate) fn start(arguments: &[&str], folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port").port();
        let address = format!("127.0.0.1:{port}");
        let mut all = vec!["serve", "--listen", &address];
        all.extend(arguments);
        let mut child = command(&all, folder).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut errors = BufReader::new(child.stderr.take().expect("standard error"));
        let mut line = String::new();
        while !line.contains("answers on") {
            line.clear();
            assert_ne!(errors.read_line(&mut line).expect("a line"), 0, "the server ended before it answered");
        }
        // What it says later must go somewhere, or it would wait for us.
        let said = Some(std::thread::spawn(move || {
            let mut said = Vec::new();
            let _ = errors.read_to_end(&mut said);
            String::from_utf8_lossy(&said).into_owned()
        }));
        Self { child, address, said }
    }

    /// Waits until the index is built: there is no event to await from another process.
    pub(crate) fn wait_until_ready(&self) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
        while !ask(&self.address, "/ready").starts_with("HTTP/1.1 200") {
            assert!(std::time::Instant::now() < deadline, "the server is not ready after a minute");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// Kills it while others still speak to it.
    pub(crate) fn kill(&self) {
        let sent = Command::new("kill").args(["-KILL", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Sends a signal, waits for the end and gives the exit code.
    pub(crate) fn stop(mut self, signal: &str) -> Option<i32> {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        self.child.wait().expect("it ends").code()
    }

    /// Ends it and gives what it has said since it answered.
    pub(crate) fn last_words(mut self) -> String {
        let _ = self.child.kill();
        self.said.take().expect("only once").join().expect("it says no more")
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn ask(address: &str, path: &str) -> String {
    let mut connection = TcpStream::connect(address).expect("the server answers");
    write!(connection, "GET {path} HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n").expect("the server answers");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("the server answers");
    answer
}
