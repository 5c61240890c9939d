//! What the gate remembers of a request while it is answered.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use poem::{
    FromRequest, Request, RequestBody,
    http::{HeaderMap, HeaderValue, Method, Uri, header},
};

use super::{cookies::SESSION, encoding::Encoding};
use crate::{
    app::{App, Random},
    config::{Config, Network},
};

/// Who asks: pages are for people, the API and the service addresses for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Errors are French pages.
    Page,
    /// Errors are `application/problem+json`.
    Api,
    /// Files under names that change with their content: not counted against an address.
    Asset,
    /// Health and metrics: not counted either, or a busy site would look dead to its monitor.
    Service,
}

pub(super) struct Visit {
    pub(super) id: RequestId,
    pub(super) kind: Kind,
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) encoding: Encoding,
    pub(super) if_none_match: Option<HeaderValue>,
    /// Whether the browser says that it is signed in.
    pub(super) has_session: bool,
    pub(super) started: Instant,
}

impl Visit {
    pub(super) fn of(request: &Request, config: &Config) -> Self {
        let headers = request.headers();
        Self {
            id: RequestId::next(),
            kind: Kind::of(request.uri().path()),
            method: request.method().clone(),
            uri: request.uri().clone(),
            encoding: Encoding::accepted(headers),
            if_none_match: headers.get(header::IF_NONE_MATCH).cloned(),
            has_session: SESSION.token(headers, config).is_some(),
            started: Instant::now(),
        }
    }

    /// Whether this is what open pages ask for by themselves on the day of a meeting: `/rencontres/…/fil`, `/rencontres/…/version`
    /// and one's own day.
    pub(super) fn follows_a_day(&self) -> bool {
        let parts: Vec<&str> = self.uri.path().split('/').skip(1).collect();
        let is_read = matches!(self.method, Method::GET | Method::HEAD);
        is_read && matches!(parts.as_slice(), ["rencontres", _, "fil" | "version"] | ["rencontres", _, "jour", _])
    }

    /// The path for the log, without the secret that some end with.
    pub(super) fn logged_path(&self) -> &str {
        let path = self.uri.path();
        if let Some((before, _)) =
            path.rsplit_once('/').filter(|_| path.starts_with(PLANNING) && path.matches('/').count() == 5)
        {
            return before;
        }
        let secret = SECRETS.iter().find(|before| path.starts_with(**before));
        secret.map_or(path, |before| before)
    }
}

/// What stands before a secret in the addresses that mails bring.
const SECRETS: [&str; 7] = [
    "/connexion/lien/",
    "/invitation/",
    "/agenda/",
    "/courrier/arret/",
    "/fournisseurs/a-jour/",
    "/visites/inscription/",
    "/desinscription/",
];

/// Where the calendar of one participant lies, its secret last.
const PLANNING: &str = "/rencontres/";

impl Kind {
    fn of(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("api") => Self::Api,
            Some("assets") => Self::Asset,
            Some("health" | "ready" | "metrics") => Self::Service,
            _ => Self::Page,
        }
    }
}

/// Names one request in the log and on the error page. Two nodes do not give the same.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(u64);

static PROCESS: LazyLock<u32> = LazyLock::new(|| (Random::system().u64() >> 32) as u32);
static COUNT: AtomicU64 = AtomicU64::new(1);

impl RequestId {
    fn next() -> Self {
        Self(COUNT.fetch_add(1, Ordering::Relaxed))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{:x}", *PROCESS, self.0)
    }
}

impl<'a> FromRequest<'a> for RequestId {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(request.data().copied().unwrap_or(Self(0)))
    }
}

/// The address that asks, for limits: `Visitor(address)`.
#[derive(Clone, Copy, Debug)]
pub struct Visitor(pub IpAddr);

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        Ok(Self(client_address(request, &app.config.trusted_proxies)))
    }
}

/// The address that asks: the peer, or what trusted proxies say of it (the nearest one that is no proxy of ours).
///
/// Each proxy writes behind the others' words whom it answers: what stands in front of a stranger is a stranger's word.
pub(super) fn client_address(request: &Request, proxies: &[Network]) -> IpAddr {
    let ours = |address: IpAddr| proxies.iter().any(|network| network.contains(address));
    let words = request.headers().get_all("x-forwarded-for").iter().rev();
    let mut hops = words.flat_map(|value| value.as_bytes().rsplit(|&byte| byte == b',')).map_while(hop);
    let mut address = peer_address(request);
    while ours(address) {
        let Some(before) = hops.next() else { break };
        address = before;
    }
    address
}

fn hop(text: &[u8]) -> Option<IpAddr> {
    std::str::from_utf8(text).ok()?.trim().parse().ok()
}

/// The address at the other end of the connection.
pub(super) fn peer_address(request: &Request) -> IpAddr {
    request.remote_addr().as_socket_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), std::net::SocketAddr::ip)
}

/// Whether some proxy passed the request on.
pub(super) fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who asks when these proxies are ours (0.0.0.0 is the peer of a test) and these lines came.
    fn asked_by(proxies: &[&str], lines: &[&str]) -> String {
        let request = lines.iter().fold(Request::builder(), |request, line| request.header("x-forwarded-for", *line));
        let proxies: Vec<Network> = proxies.iter().map(|network| network.parse().unwrap()).collect();
        client_address(&request.finish(), &proxies).to_string()
    }

    #[test]
    fn the_nearest_hop_that_is_no_proxy_of_ours_asks() {
        let ours = ["0.0.0.0", "10.0.0.0/8"];
        assert_eq!(asked_by(&[], &["192.0.2.1"]), "0.0.0.0");
        assert_eq!(asked_by(&["10.0.0.0/8"], &["192.0.2.1"]), "0.0.0.0", "a stranger's word");
        assert_eq!(asked_by(&ours, &["203.0.113.9, 192.0.2.1,10.0.0.7"]), "192.0.2.1");
        assert_eq!(asked_by(&ours, &["203.0.113.9", "192.0.2.1", "10.0.0.7"]), "192.0.2.1", "several lines are one");
        assert_eq!(asked_by(&ours, &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn what_is_no_address_hides_nobody_and_ends_the_walk() {
        let ours = ["0.0.0.0", "10.0.0.0/8"];
        assert_eq!(asked_by(&ours, &["garbage, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(asked_by(&ours, &["é, 192.0.2.1, 10.0.0.7"]), "192.0.2.1");
        assert_eq!(asked_by(&ours, &["unknown"]), "0.0.0.0");
        assert_eq!(asked_by(&ours, &["192.0.2.1, unknown, 10.0.0.7"]), "10.0.0.7");
        assert_eq!(asked_by(&ours, &[""]), "0.0.0.0");
        assert_eq!(asked_by(&ours, &["10.0.0.8, 10.0.0.7"]), "10.0.0.8", "somebody of the house");
    }
}
