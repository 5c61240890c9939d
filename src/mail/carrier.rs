//! What takes a mail away: another server over SMTP, or a folder of files. In two steps, so that what happens between them
//! can be written down: the other side agrees to take a mail; it is given the text.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use tokio::{fs, net::TcpStream, time::timeout};
use url::Url;

use super::claim::Ending;
use super::outgoing_mail::OutgoingMail;
use super::signature::{Signature, WrongKey};
use super::{Sender, WrongSender};
use crate::config::Config;

/// How long one waits for another server.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection, and for each answer before the text is handed over.
    pub step: Duration,
    /// For the answer to the text: a server may look for viruses first (RFC 5321, 4.5.3.2.6).
    pub text: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { step: Duration::from_secs(30), text: Duration::from_mins(5) }
    }
}

/// Where the mails of one worker go.
pub enum Carrier {
    /// Files of a folder, for whoever has set no server.
    Folder(PathBuf),
    /// Another server.
    Server(Box<Server>),
}

/// Another server, and the connection to it that is kept from one mail to the next.
pub struct Server {
    address: ServerAddress,
    sender: Sender,
    signature: Option<Signature>,
    connection: Option<AsyncSmtpConnection>,
    patience: Patience,
}

/// Settings of mail that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WrongCarrier {
    /// The address of the server. It is not repeated: it may hold a password.
    #[error("SMTP_URL must look like smtps://name:password@smtp.example.fr or smtp://smtp.example.fr:587")]
    Address,
    /// Mails would come from nowhere.
    #[error("SMTP_URL is set and MAIL_FROM is not: say which address mails come from")]
    Nobody,
    /// An address.
    #[error(transparent)]
    Sender(#[from] WrongSender),
    /// The key.
    #[error(transparent)]
    Key(#[from] WrongKey),
}

impl Carrier {
    /// The carrier that the settings describe.
    ///
    /// # Errors
    /// When they cannot be used.
    pub fn new(config: &Config) -> Result<Self, WrongCarrier> {
        let sender = Sender::new(config)?;
        let Some(url) = &config.smtp_url else { return Ok(Self::Folder(folder(config))) };
        if config.mail_from.is_none() {
            return Err(WrongCarrier::Nobody);
        }
        let key = config.dkim_key_file.as_ref();
        let signature =
            key.map(|file| Signature::read(file, &config.dkim_selector, sender.from.domain())).transpose()?;
        let address = ServerAddress::parse(url, sender.from.domain()).ok_or(WrongCarrier::Address)?;
        let patience = Patience::default();
        Ok(Self::Server(Box::new(Server { address, sender, signature, connection: None, patience })))
    }

    /// The same, waiting otherwise for another server.
    #[must_use]
    pub fn waiting(mut self, patience: Patience) -> Self {
        if let Self::Server(server) = &mut self {
            server.patience = patience;
        }
        self
    }

    /// Whether giving the text twice would make two mails.
    #[must_use]
    pub fn delivers_twice(&self) -> bool {
        matches!(self, Self::Server(_))
    }

    /// Agrees with the other side that it takes this mail; no text has left.
    ///
    /// # Errors
    /// How the attempt ended when it does not.
    pub async fn offer(&mut self, mail: &OutgoingMail) -> Result<(), Ending> {
        match self {
            Self::Folder(_) => Ok(()),
            Self::Server(server) => server.offer(mail).await,
        }
    }

    /// Gives the text of a mail that was offered.
    pub async fn give(&mut self, mail: &OutgoingMail) -> Ending {
        match self {
            Self::Folder(folder) => match write(folder, mail).await {
                Ok(file) => Ending::Sent(format!("écrit dans {file}")),
                Err(error) => Ending::Unreachable(error.to_string()),
            },
            Self::Server(server) => server.give(mail).await,
        }
    }

    /// Takes back an offer before the text.
    pub fn withdraw(&mut self) {
        if let Self::Server(server) = self {
            server.connection = None;
        }
    }

    /// Says goodbye.
    pub async fn close(&mut self) {
        if let Self::Server(server) = self
            && let Some(mut connection) = server.connection.take()
        {
            let _ = timeout(Duration::from_secs(2), connection.quit()).await;
        }
    }
}

/// The file a mail is written to while no server is set: `DATA_DIR/mails/12-sign_in.eml`.
#[must_use]
pub fn file_of(config: &Config, mail: &OutgoingMail) -> PathBuf {
    folder(config).join(file_name(mail))
}

fn folder(config: &Config) -> PathBuf {
    config.data_dir.join("mails")
}

fn file_name(mail: &OutgoingMail) -> String {
    format!("{}-{}.eml", mail.id, mail.kind)
}

/// Whole or not at all; the same file when it is written again.
async fn write(folder: &Path, mail: &OutgoingMail) -> std::io::Result<String> {
    private(folder).await?;
    let name = file_name(mail);
    let half = folder.join(format!(".{name}"));
    fs::write(&half, &mail.message).await?;
    fs::rename(&half, folder.join(&name)).await?;
    Ok(name)
}

/// Mails hold what lets people in: the folder is for nobody else.
async fn private(folder: &Path) -> std::io::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(folder).await {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

impl Server {
    async fn offer(&mut self, mail: &OutgoingMail) -> Result<(), Ending> {
        let kept = self.connection.is_some();
        match self.offer_once(mail).await {
            // A server closes what is idle, with 421 or without a word: that says nothing of this mail.
            Err(Trouble::Line(_) | Trouble::Closing(_)) if kept => self.offer_once(mail).await.map_err(Trouble::ending),
            other => other.map_err(Trouble::ending),
        }
    }

    async fn offer_once(&mut self, mail: &OutgoingMail) -> Result<(), Trouble> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            // Whatever is wrong before the mail is named is not the mail's fault.
            None => self.address.connect(self.patience.step).await.map_err(|trouble| Trouble::Line(trouble.words()))?,
        };
        let patience = self.patience.step;
        let from = self.sender.bounces.as_str().parse().ok();
        let Ok(to) = mail.recipient.parse() else { return Err(Trouble::No(mail.recipient.clone())) };
        let asked = async {
            // Whoever does not take our address takes no mail of ours: the settings are wrong, not the mail.
            let sender = step(patience, connection.command(Mail::new(from, Vec::new()))).await;
            sender.map_err(|trouble| if let Trouble::No(words) = trouble { Trouble::Line(words) } else { trouble })?;
            step(patience, connection.command(Rcpt::new(to, Vec::new()))).await?;
            step(patience, connection.command(Data)).await
        };
        let answer = asked.await;
        let clean = match &answer {
            Ok(()) => true,
            Err(Trouble::Line(_) | Trouble::Closing(_)) => false,
            // It goes on with the next mail after a clean start.
            Err(Trouble::No(_) | Trouble::NotNow(_)) => step(patience, connection.command(Rset)).await.is_ok(),
        };
        self.connection = clean.then_some(connection);
        answer
    }

    async fn give(&mut self, mail: &OutgoingMail) -> Ending {
        let Some(mut connection) = self.connection.take() else {
            return Ending::Unreachable("la connexion s’est perdue".to_owned());
        };
        let text = self.signature.as_ref().map_or_else(|| mail.message.clone(), |key| key.sign(&mail.message));
        match timeout(self.patience.text, connection.message(text.as_bytes())).await {
            Ok(Ok(response)) => {
                self.connection = Some(connection);
                Ending::Sent(response.message().collect::<Vec<_>>().join(" "))
            }
            Ok(Err(error)) => match Trouble::from(error) {
                Trouble::Line(words) => Ending::Unknown(words),
                told @ Trouble::Closing(_) => told.ending(),
                told => {
                    self.connection =
                        step(self.patience.step, connection.command(Rset)).await.is_ok().then_some(connection);
                    told.ending()
                }
            },
            Err(_) => Ending::Unknown("aucune réponse une fois le texte transmis".to_owned()),
        }
    }
}

/// What went wrong with another server.
enum Trouble {
    /// 5xx: it will not.
    No(String),
    /// 4xx: not now.
    NotNow(String),
    /// 421: it hangs up.
    Closing(String),
    /// No word from it: cut, too slow, not understood.
    Line(String),
}

impl Trouble {
    fn words(self) -> String {
        match self {
            Self::No(words) | Self::NotNow(words) | Self::Closing(words) | Self::Line(words) => words,
        }
    }

    /// Before the text is handed over.
    fn ending(self) -> Ending {
        match self {
            Self::No(words) => Ending::Refused(words),
            Self::NotNow(words) => Ending::Postponed(words),
            Self::Closing(words) | Self::Line(words) => Ending::Unreachable(words),
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let first: &dyn std::error::Error = &error;
        let causes = std::iter::successors(Some(first), |&cause| cause.source()).map(ToString::to_string);
        let words = causes.collect::<Vec<_>>().join(": ");
        if error.status().is_some_and(|code| code.to_string() == "421") {
            Self::Closing(words)
        } else if error.is_permanent() {
            Self::No(words)
        } else if error.is_transient() {
            Self::NotNow(words)
        } else {
            Self::Line(words)
        }
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Line(error.to_string())
    }
}

async fn step<T>(patience: Duration, answer: impl Future<Output = Result<T, Error>>) -> Result<(), Trouble> {
    match timeout(patience, answer).await {
        Ok(answer) => Ok(answer.map(drop)?),
        Err(_) => Err(Trouble::Line("le serveur ne répond pas".to_owned())),
    }
}

/// Where the other server is and how one talks to it.
struct ServerAddress {
    host: String,
    port: u16,
    encryption: Encryption,
    credentials: Option<Credentials>,
    hello: ClientId,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encryption {
    /// From the first byte.
    Tls,
    /// From the first command on; without it nothing is sent.
    StartTls,
    /// None: for a server on the same machine.
    None,
}

impl ServerAddress {
    /// `smtps://` is TLS on port 465, `smtp://` STARTTLS on 587; `?tls=none` sends in the clear.
    fn parse(text: &str, domain: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let in_clear = url.query_pairs().any(|(name, value)| name == "tls" && value == "none");
        let (encryption, port) = match url.scheme() {
            "smtps" => (Encryption::Tls, 465),
            "smtp" if in_clear => (Encryption::None, 25),
            "smtp" => (Encryption::StartTls, 587),
            _ => return None,
        };
        let decoded = |text: &str| percent_decoded(text);
        let credentials = url.password().map(|password| Credentials::new(decoded(url.username()), decoded(password)));
        Some(Self {
            host: url.host_str().filter(|host| !host.is_empty())?.to_owned(),
            port: url.port().unwrap_or(port),
            encryption,
            credentials,
            hello: ClientId::Domain(domain.to_owned()),
        })
    }

    async fn connect(&self, patience: Duration) -> Result<AsyncSmtpConnection, Trouble> {
        let reached = timeout(patience, self.reach(patience)).await;
        reached.unwrap_or_else(|_| Err(Trouble::Line("le serveur ne répond pas".to_owned())))
    }

    async fn reach(&self, patience: Duration) -> Result<AsyncSmtpConnection, Trouble> {
        let tls = || TlsParameters::new(self.host.clone());
        let place = (self.host.as_str(), self.port);
        let mut connection = if self.encryption == Encryption::Tls {
            AsyncSmtpConnection::connect_tokio1(place, Some(patience), &self.hello, Some(tls()?), None).await?
        } else {
            let stream = TcpStream::connect(place).await?;
            // The end of a text is a small packet of its own: it would wait 40 ms for the one before to be confirmed.
            stream.set_nodelay(true)?;
            AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello).await?
        };
        if self.encryption == Encryption::StartTls {
            connection.starttls(tls()?, &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// A name or password as an address writes it.
fn percent_decoded(text: &str) -> String {
    let pair = serde_urlencoded::from_str::<Vec<(String, String)>>(&format!("x={}", text.replace('+', "%2B")));
    pair.ok().and_then(|mut pairs| pairs.pop()).map(|(_, value)| value).unwrap_or_default()
}
