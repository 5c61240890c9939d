//! Running the site, for good or as a demonstration.

use std::{
    env, fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::Duration,
};

use poem::{
    Server,
    http::uri::Scheme,
    listener::Acceptor,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    time,
};

use super::Refusal;
use crate::{
    app::{App, Limits, Random, ServerLock},
    config::Config,
    routes, web,
};

/// How long a request in flight may take to finish once the server was told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(30);
/// A connection on which nothing moves for so long is closed.
const IDLE: Duration = Duration::from_secs(75);

/// Runs the site until it is told to stop, then finishes the requests in flight.
pub(super) async fn serve(config: Config) -> Result<(), Refusal> {
    let _lock = ServerLock::take(&config.data_dir)?;
    let app = App::open(config).await?;
    answer(app).await
}

/// Runs the site on fictional data in a folder that is removed when it stops.
pub(super) async fn demo(mut config: Config) -> Result<(), Refusal> {
    if !config.listen.ip().is_loopback() {
        return Err(format!("--demo listens on loopback only: LISTEN is {}", config.listen).into());
    }
    let folder = ThrowAway::new()?;
    config.data_dir.clone_from(&folder.0);
    config.database_url = None;
    let app = App::open(config).await?;
    answer(app).await
}

async fn answer(app: App) -> Result<(), Refusal> {
    web::start_metrics();
    let address = app.config.listen;
    let listener = TcpListener::bind(address).await.map_err(|source| cannot_listen(address, &source))?;
    let mut stop = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let told = async move {
        tokio::select! { _ = stop.0.recv() => {}, _ = stop.1.recv() => {} }
        tracing::info!("stopping: the requests in flight are finished first");
    };
    let housekeeping = tokio::spawn(tidy(app.limits.clone()));
    eprintln!("Manger local answers on http://{}", listener.local_addr()?);
    let site = routes::site(&app);
    let server = Server::new_with_acceptor(Door(listener)).idle_timeout(IDLE);
    server.run_with_graceful_shutdown(site, told, Some(LAST_REQUESTS)).await?;
    housekeeping.abort();
    app.db.close().await?;
    Ok(())
}

fn cannot_listen(address: std::net::SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!("{address} is taken by another program: choose another with LISTEN"),
        _ => format!("cannot listen on {address}: {error}; choose another with LISTEN"),
    }
}

async fn tidy(limits: Limits) {
    let mut ticks = time::interval(Duration::from_secs(10));
    loop {
        ticks.tick().await;
        limits.forget_idle();
        web::tidy_metrics();
    }
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

/// A folder for this run only, readable by nobody else.
struct ThrowAway(PathBuf);

impl ThrowAway {
    fn new() -> io::Result<Self> {
        let folder = env::temp_dir().join(format!("manger-local-demo-{}", Random::system().token()));
        private_folder(&folder)?;
        Ok(Self(folder))
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("manger-local: the folder {} could not be removed: {error}", self.0.display());
        }
    }
}
