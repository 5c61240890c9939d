//! Log lines on standard error. They carry no address, no query and nothing typed.

use std::{
    io::{self, IsTerminal},
    panic,
};

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Config, LogFormat};

/// Sends log lines and panics to standard error, in the shape and as detailed as `config` says.
pub(super) fn start(config: &Config) {
    // The server of poem names the addresses it talks to; PostgreSQL tells at each start that our tables exist.
    let quiet = "poem=warn,sea_orm_migration=warn,sqlx::postgres::notice=warn";
    let level = format!("{},{quiet}", config.log_level);
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new(format!("info,{quiet}")));
    let lines = fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    match config.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    // The words of a panic may quote what a person typed: the place is enough to find it.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}
