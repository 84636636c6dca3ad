//! `spotfix demo`: a running county in one command.

use super::serve::{serve, stop_signal};
use super::{Operator, open};
use crate::config::Settings;
use crate::demo::{self, PASSWORD};
use anyhow::{Context, Result, bail};
use app::time::DAY;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Runs a demo county with ninety days of work in an embedded database
///
/// The county is made once and kept: start it again and everything is as it was left.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// The port to listen on, on this machine only
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The folder for the database and the photos
    #[arg(long, value_name = "DIR", default_value = "spotfix-data/demo")]
    data: PathBuf,
    /// Makes the county anew, from today
    #[arg(long)]
    reset: bool,
}

/// What shows that a folder is one of ours, so that `--reset` never removes anything else.
const MARK: &str = "this-is-a-spotfix-demo";

impl Demo {
    /// Runs the command.
    ///
    /// # Errors
    /// When the folder, the database or the port cannot be used.
    pub async fn run(self) -> Result<()> {
        let settings = Settings {
            database_url: format!("sqlite:{}", self.data.join("spotfix.db").display()),
            photos: self.data.join("photos").display().to_string(),
            listen: SocketAddr::from(([127, 0, 0, 1], self.port)),
            demo: true,
            ..Settings::default()
        };
        super::serve::start_log(&settings)?;
        if self.reset {
            clear(&self.data)?;
        }
        prepare(&self.data)?;
        let mut state = open(settings.clone()).await?;
        if demo::finished_at(&state).await?.is_none() {
            // Begun and cut off: half a county is made anew.
            state.db.close().await;
            clear(&self.data)?;
            prepare(&self.data)?;
            state = open(settings).await?;
            demo::create(&state, &Operator::at_the_console(), &|step| eprintln!("  {step}")).await?;
        }
        let stop = stop_signal()?;
        greet(&state).await?;
        serve(state, stop).await
    }
}

fn prepare(data: &Path) -> Result<()> {
    std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
    let is_empty = std::fs::read_dir(data)?.next().is_none();
    if !is_empty && !data.join(MARK).exists() {
        bail!("{} holds something else; choose another folder with --data", data.display());
    }
    std::fs::write(data.join(MARK), "")?;
    Ok(())
}

fn clear(data: &Path) -> Result<()> {
    if !data.exists() {
        return Ok(());
    }
    if std::fs::read_dir(data)?.next().is_some() && !data.join(MARK).exists() {
        bail!("{} is not a demo's folder; nothing was removed", data.display());
    }
    std::fs::remove_dir_all(data).with_context(|| format!("clearing {}", data.display()))
}

async fn greet(state: &crate::AppState) -> Result<()> {
    println!();
    println!("  Spotfix 点位通 · 青岚县   http://localhost:{}", state.settings.listen.port());
    println!();
    println!("  password of every account / 所有账号的密码:  {PASSWORD}");
    println!("  inspector1 … inspector12   巡查员  reports and re-checks / 上报、复查");
    println!("  sjj1, jyj1, zfj1, hwzx1 …  联络员  one for each of the 48 units / 各责任单位");
    println!("  manager, deputy            创建办  assigns, rules, reads the rates / 交办、裁定、看指标");
    println!("  admin                      管理员");
    if let Some(made) = demo::finished_at(state).await?
        && state.clock.now().since(made) > DAY
    {
        println!("  made on {}; --reset makes it anew from today", made.date());
    }
    println!();
    Ok(())
}
