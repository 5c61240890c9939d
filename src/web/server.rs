//! The server: connections in, and out in good order when it stops.

use std::{io, time::Duration};

use poem::{
    Endpoint, Response, Server,
    http::uri::Scheme,
    listener::Acceptor,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::{TcpListener, TcpStream},
    time,
};

/// How long a request in flight may take to finish once the server was told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(30);
/// A connection on which nothing moves for so long is closed.
const IDLE: Duration = Duration::from_secs(75);

/// Answers with `site` until `stop` comes, then finishes the requests in flight.
///
/// # Errors
/// When the system refuses the listener.
pub async fn serve<E>(listener: TcpListener, site: E, stop: impl Future<Output = ()>) -> io::Result<()>
where
    E: Endpoint<Output = Response> + 'static,
{
    let server = Server::new_with_acceptor(Door(listener)).idle_timeout(IDLE);
    server.run_with_graceful_shutdown(site, stop, Some(LAST_REQUESTS)).await
}

/// Accepts connections that send small answers at once (`TCP_NODELAY`).
struct Door(TcpListener);

impl Acceptor for Door {
    type Io = TcpStream;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.0.local_addr().map(|address| LocalAddr(address.into())).into_iter().collect()
    }

    async fn accept(&mut self) -> io::Result<(TcpStream, LocalAddr, RemoteAddr, Scheme)> {
        match self.0.accept().await {
            Ok((stream, remote)) => {
                stream.set_nodelay(true)?;
                let local = stream.local_addr()?;
                Ok((stream, LocalAddr(local.into()), RemoteAddr(remote.into()), Scheme::HTTP))
            }
            Err(error) => {
                // Out of file descriptors: asking again at once would burn a core until one is free.
                time::sleep(Duration::from_millis(50)).await;
                Err(error)
            }
        }
    }
}
