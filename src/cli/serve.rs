//! Running the site, for good or as a demonstration.

use std::{
    env, fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    time,
};

use super::Refusal;
use crate::{
    app::{App, Random, ServerLock},
    config::Config,
    demo, directory, duties, figures,
    mail::delivery,
    routes, schedule,
    speed_meetings::{self, Live},
    territory, web,
};

/// Runs the site until it is told to stop, then finishes the requests in flight.
pub(super) async fn serve(config: Config) -> Result<(), Refusal> {
    let _lock = ServerLock::take(&config.data_dir)?;
    let app = App::open(config).await?;
    answer(app, Stop::listen()?).await
}

/// Runs the site on fictional data in a folder that is removed when it stops.
pub(super) async fn demo(mut config: Config) -> Result<(), Refusal> {
    if !config.listen.ip().is_loopback() {
        return Err(format!("--demo listens on loopback only: LISTEN is {}", config.listen).into());
    }
    // Before there is a folder: told to stop while it loads, it answers for a moment and removes what it made.
    let stop = Stop::listen()?;
    let folder = ThrowAway::new()?;
    config.data_dir.clone_from(&folder.0);
    (config.database_url, config.smtp_url) = (None, None);
    config.demo = true;
    let app = App::open(config).await?;
    let canteens = demo::load(&app).await?;
    demo::invite(&app).await?;
    demo::meet(&app, &canteens).await?;
    demo::visit(&app).await?;
    answer(app, stop).await
}

async fn answer(app: App, mut stop: Stop) -> Result<(), Refusal> {
    web::start_metrics();
    let address = app.config.listen;
    let listener = TcpListener::bind(address).await.map_err(|source| cannot_listen(address, &source))?;
    let live = Live::default();
    let open = live.clone();
    let told = async move {
        stop.told().await;
        open.close();
        tracing::info!("stopping: the requests in flight are finished first");
    };
    let housekeeping = tokio::spawn(tidy(app.clone()));
    let (leave, left) = watch::channel(false);
    let mut delivering = delivery::start(&app, &left)?;
    let working = tokio::spawn(schedule::run(app.clone(), duties::DUTIES, left.clone()));
    let solving = tokio::spawn(speed_meetings::workshop::keep_solving(app.clone(), left.clone()));
    let following = tokio::spawn(directory::follow(app.clone(), left));
    eprintln!("Manger local answers on http://{}", listener.local_addr()?);
    web::serve(listener, routes::site_with(&app, &live), told).await?;
    housekeeping.abort();
    leave.send_replace(true);
    let _ = following.await;
    let _ = working.await;
    let _ = solving.await;
    while delivering.join_next().await.is_some() {}
    keep_unanswered(&app).await;
    app.db.close().await?;
    Ok(())
}

/// The signals that end the program well. One that came since `listen` is not lost.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn told(&mut self) {
        tokio::select! { _ = self.terminate.recv() => {}, _ = self.interrupt.recv() => {} }
    }
}

fn cannot_listen(address: std::net::SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!("{address} is taken by another program: choose another with LISTEN"),
        _ => format!("cannot listen on {address}: {error}; choose another with LISTEN"),
    }
}

/// What each server does for itself.
async fn tidy(app: App) {
    let mut ticks = time::interval(Duration::from_secs(10));
    loop {
        ticks.tick().await;
        app.limits.forget_idle();
        web::tidy_metrics();
        if let Err(error) = territory::refresh(&app).await {
            tracing::warn!(%error, "the settings of the territory could not be read; trying again in ten seconds");
        }
        keep_unanswered(&app).await;
    }
}

/// Each server counts in its own memory and writes down what it counted: one that breaks down loses seconds of counting.
async fn keep_unanswered(app: &App) {
    if let Err(error) = figures::keep_unanswered(app).await {
        tracing::warn!(%error, "searches that found nobody were not written down; trying again in ten seconds");
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
