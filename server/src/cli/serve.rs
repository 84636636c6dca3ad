//! `spotfix serve`: the server.

use super::open;
use crate::config::{self, Flags, LogFormat, Settings};
use crate::{AppState, listen, photo, router, session};
use anyhow::{Context, Result};
use std::future::Future;
use std::io::IsTerminal;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;

/// Runs the server until it is told to stop
#[derive(Debug, clap::Args)]
pub struct Serve {
    #[command(flatten)]
    flags: Flags,
    /// Prints every key with its default and its meaning, as a configuration file, and exits
    #[arg(long)]
    print_config: bool,
}

impl Serve {
    /// Runs the command.
    ///
    /// # Errors
    /// When the configuration, the database or the address cannot be used.
    pub async fn run(self) -> Result<()> {
        if self.print_config {
            print!("{}", config::describe());
            return Ok(());
        }
        let settings = Settings::load(self.flags)?;
        start_log(&settings)?;
        serve(open(settings).await?, stop_signal()?).await
    }
}

/// Listens and answers until `stop` ends; then finishes what is under way, for as long as the settings give it.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(state: AppState, stop: impl Future<Output = ()> + Send) -> Result<()> {
    let address = state.settings.listen;
    let listener = TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))?;
    // Scripts and tests that ask for port 0 read the port from this line.
    tracing::info!("listening on http://{}", listener.local_addr()?);
    serve_on(listener, state, stop).await;
    Ok(())
}

/// [`serve`], on an address that is already listened on.
pub async fn serve_on(listener: TcpListener, state: AppState, stop: impl Future<Output = ()> + Send) {
    let patience = Duration::from_secs(state.settings.shutdown_timeout_s);
    let sweeper = tokio::spawn(sweep_hourly(state.clone()));
    let (stopped, was_stopped) = tokio::sync::oneshot::channel();
    let told = async {
        stop.await;
        tracing::info!("stopping: finishing what is under way");
        stopped.send(Instant::now()).ok();
    };
    let limits = listen::Limits::of(&state.settings);
    let is_finished = listen::answer(listener, router(state.clone()), limits, told, patience).await;
    sweeper.abort();
    // Requests and the database share the time there is: a connection that never comes back must not hold the process.
    let until = was_stopped.await.unwrap_or_else(|_| Instant::now()) + patience;
    let is_closed = is_finished && tokio::time::timeout_at(until, state.db.close()).await.is_ok();
    if !is_closed {
        // The database undoes what they had begun.
        tracing::warn!("stopped with work still under way");
    }
}

/// Ends when the process is asked to stop.
pub(super) fn stop_signal() -> Result<impl Future<Output = ()> + Send> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Clears away what has ended, once an hour.
async fn sweep_hourly(state: AppState) {
    let mut hours = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hours.tick().await;
        if let Err(error) = session::store::sweep(&state).await {
            tracing::warn!(%error, "sweeping ended sessions");
        }
        match photo::sweep::sweep(&state).await {
            Ok(swept) if swept.removed + swept.failed == 0 => {}
            Ok(swept) => tracing::info!(swept.removed, swept.failed, "photos nobody used are gone"),
            Err(error) => tracing::warn!(%error, "sweeping photos nobody used"),
        }
        match photo::sweep::collect_some(&state).await {
            Ok(swept) if swept.removed + swept.failed == 0 => {}
            Ok(swept) => {
                tracing::info!(swept.removed, swept.failed, "files that belong to no photo are gone");
            }
            Err(error) => tracing::warn!(%error, "collecting files that belong to no photo"),
        }
    }
}

pub(super) fn start_log(settings: &Settings) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log_level).context("log_level")?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => log.with_target(false).with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}
