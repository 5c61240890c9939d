//! A client that keeps its connection, as a program does: it costs next to nothing beside what is measured.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A client.
pub(crate) struct Client {
    connection: BufReader<TcpStream>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

impl Answer {
    /// A number of a JSON object.
    pub(crate) fn number(&self, name: &str) -> u64 {
        let told: serde_json::Value = serde_json::from_str(&self.body).expect("JSON");
        told[name].as_u64().unwrap_or_else(|| panic!("no {name} in {}", self.body))
    }
}

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        let connection = TcpStream::connect(address).expect("the server answers");
        connection.set_nodelay(true).expect("a connection");
        Self { connection: BufReader::new(connection) }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: site\r\n\r\n"))
    }

    /// Sends JSON under a key of a program.
    pub(crate) fn post(&mut self, path: &str, key: &str, once: &str, json: &str) -> Answer {
        let once = if once.is_empty() { String::new() } else { format!("Idempotency-Key: {once}\r\n") };
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: site\r\nAuthorization: Bearer {key}\r\n{once}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
            json.len()
        ))
    }

    /// Sends a form with a cookie.
    pub(crate) fn send(&mut self, path: &str, cookie: &str, form: &str) -> Answer {
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: site\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        ))
    }

    fn ask(&mut self, request: &str) -> Answer {
        self.connection.get_mut().write_all(request.as_bytes()).expect("the server listens");
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.connection.read_line(&mut line).expect("the server answers");
            if line.trim().is_empty() {
                break;
            }
            headers.push(line.trim().to_owned());
        }
        let status = headers[0].split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        let named = |name: &str| {
            let found = headers.iter().find(|line| line.to_ascii_lowercase().starts_with(name));
            found.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
        };
        let body = match named("content-length") {
            Some(length) => self.exactly(length.parse().expect("a length")),
            None if named("transfer-encoding").is_some() => self.chunks(),
            None => String::new(),
        };
        Answer { status, headers, body }
    }

    fn exactly(&mut self, length: usize) -> String {
        let mut bytes = vec![0; length];
        self.connection.read_exact(&mut bytes).expect("a body");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn chunks(&mut self) -> String {
        let mut body = String::new();
        loop {
            let mut line = String::new();
            self.connection.read_line(&mut line).expect("a chunk");
            let length = usize::from_str_radix(line.trim(), 16).expect("a length");
            body += &self.exactly(length);
            self.exactly(2);
            if length == 0 {
                return body;
            }
        }
    }
}
