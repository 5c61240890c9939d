//! A mail server that keeps what it gets, and misbehaves when told to.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// What the server does to one mail instead of taking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misdeed {
    /// Greets with this line instead of 220.
    Greet(&'static str),
    /// Says hello with these lines.
    Hello(&'static str),
    /// Answers the wish to speak in secret with this line; after 220 it shows a certificate nobody vouches for.
    StartTls(&'static str),
    /// Answers the name and password with this line.
    Password(&'static str),
    /// Answers the sender with this line.
    Sender(&'static str),
    /// Answers the recipient with this line.
    Recipient(&'static str),
    /// Answers the wish to send the text with this line.
    Data(&'static str),
    /// Answers the text with this line.
    Text(&'static str),
    /// Hangs up when asked to take the text.
    CutBeforeText,
    /// Hangs up without a word once it has the text.
    CutAfterText,
    /// Says nothing any more from this moment on.
    Hush(Moment),
}

/// When a server falls silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Before it greets: the mail is claimed.
    Greeting,
    /// When it is asked to take the text: nothing has left.
    Text,
    /// Once it has the text: nobody knows.
    Answer,
}

/// A mail that was taken, or whose text came in.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) text: String,
    /// Whether the server said that it took it.
    pub(crate) taken: bool,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        use mailparse::MailHeaderMap;
        mailparse::parse_mail(self.text.as_bytes()).unwrap().headers.get_first_value(name)
    }
}

#[derive(Default)]
struct State {
    received: Mutex<Vec<Received>>,
    /// What is done to the next mails, first to last; then it behaves.
    misdeeds: Mutex<Vec<Misdeed>>,
    /// How often it fell silent.
    hushed: AtomicUsize,
}

/// The server; it ends with the test.
#[derive(Clone)]
pub(crate) struct SmtpServer {
    /// What `SMTP_URL` says.
    pub(crate) url: String,
    state: Arc<State>,
}

impl SmtpServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}?tls=none", listener.local_addr().unwrap());
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self { url, state }
    }

    /// Does these to the next mails.
    pub(crate) fn misbehave(&self, misdeeds: &[Misdeed]) {
        *self.state.misdeeds.lock().unwrap() = misdeeds.to_vec();
    }

    /// How often it fell silent.
    pub(crate) fn hushed(&self) -> usize {
        self.state.hushed.load(Ordering::SeqCst)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.received.lock().unwrap().clone()
    }
}

impl State {
    /// Says nothing more when this is its moment.
    async fn hush(&self, moment: Moment) {
        if self.next(|misdeed| misdeed == Misdeed::Hush(moment)).is_some() {
            self.hushed.fetch_add(1, Ordering::SeqCst);
            std::future::pending::<()>().await;
        }
    }

    /// The misdeed that is next, when it is one of these.
    fn next(&self, fits: impl Fn(Misdeed) -> bool) -> Option<Misdeed> {
        let mut misdeeds = self.misdeeds.lock().unwrap();
        let first = misdeeds.first().copied().filter(|misdeed| fits(*misdeed))?;
        misdeeds.remove(0);
        Some(first)
    }

    fn answer(&self, usual: &'static str, fits: impl Fn(Misdeed) -> Option<&'static str>) -> &'static str {
        self.next(|misdeed| fits(misdeed).is_some()).and_then(fits).unwrap_or(usual)
    }
}

/// Speaks with one client until it leaves or is left.
async fn converse(stream: TcpStream, state: Arc<State>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    state.hush(Moment::Greeting).await;
    let greeting = state.answer("220 test ready", |it| if let Misdeed::Greet(line) = it { Some(line) } else { None });
    say(&mut stream, greeting).await?;
    let (mut from, mut to) = (String::new(), String::new());
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        let command = line.trim_end().to_owned();
        match command.split([' ', ':']).next()?.to_ascii_uppercase().as_str() {
            "EHLO" => {
                let usual = "250-test\r\n250 8BITMIME";
                let answer = state.answer(usual, |it| if let Misdeed::Hello(lines) = it { Some(lines) } else { None });
                say(&mut stream, answer).await?;
            }
            "STARTTLS" => {
                let answer =
                    state.answer("454 no", |it| if let Misdeed::StartTls(line) = it { Some(line) } else { None });
                say(&mut stream, answer).await?;
                if answer.starts_with("220") {
                    // Whoever checks the certificate leaves here.
                    let _ = unknown_certificate().accept(stream.into_inner()).await;
                    return None;
                }
            }
            "AUTH" => {
                let answer =
                    state.answer("235 in", |it| if let Misdeed::Password(line) = it { Some(line) } else { None });
                say(&mut stream, answer).await?;
            }
            "MAIL" => {
                from = between(&command);
                let usual = "250 sender";
                let answer = state.answer(usual, |it| if let Misdeed::Sender(line) = it { Some(line) } else { None });
                say(&mut stream, answer).await?;
            }
            "RCPT" => {
                to = between(&command);
                let usual = "250 recipient";
                let answer =
                    state.answer(usual, |it| if let Misdeed::Recipient(line) = it { Some(line) } else { None });
                say(&mut stream, answer).await?;
            }
            "DATA" => {
                state.hush(Moment::Text).await;
                state.next(|it| it == Misdeed::CutBeforeText).map_or(Some(()), |_| None)?;
                let usual = "354 go on";
                let answer = state.answer(usual, |it| if let Misdeed::Data(line) = it { Some(line) } else { None });
                say(&mut stream, answer).await?;
                if answer == usual {
                    take_text(&mut stream, &state, &from, &to).await?;
                }
            }
            "QUIT" => return say(&mut stream, "221 bye").await,
            _ => say(&mut stream, "250 ok").await?,
        }
    }
}

/// A certificate that its own key has signed.
fn unknown_certificate() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("../data/self-signed.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../data/self-signed-key.pem")).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn take_text(stream: &mut BufReader<TcpStream>, state: &State, from: &str, to: &str) -> Option<()> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        if line == ".\r\n" {
            break;
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
    let cut = state.next(|it| it == Misdeed::CutAfterText).is_some();
    let usual = "250 taken";
    let answer = state.answer(usual, |it| if let Misdeed::Text(line) = it { Some(line) } else { None });
    let taken = !cut && answer == usual;
    state.received.lock().unwrap().push(Received { from: from.to_owned(), to: to.to_owned(), text, taken });
    state.hush(Moment::Answer).await;
    if cut { None } else { say(stream, answer).await }
}

fn between(command: &str) -> String {
    let start = command.find('<').map_or(0, |at| at + 1);
    command[start..].split('>').next().unwrap_or_default().to_owned()
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) -> Option<()> {
    stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.ok()
}
