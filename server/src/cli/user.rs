//! `spotfix user`: accounts without a browser. Passwords are asked for or read from standard input, never arguments:
//! those stand in the process list and the shell's history.

use super::{Operator, open};
use crate::AppState;
use crate::access::Granted;
use crate::config::{Flags, Settings};
use crate::db;
use crate::user::store::{self, NewUser};
use anyhow::{Context, Result, bail, ensure};
use app::account::{check_password, check_username, username_key};
use app::id::{UnitId, UserId};
use app::role::Role;
use std::io::{BufRead, IsTerminal};

/// Adds, disables and enables accounts, changes passwords, lifts locks
#[derive(Debug, clap::Args)]
pub struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Adds an account
    Add {
        /// What the person types to sign in
        username: String,
        /// inspector, unit, manager or admin
        #[arg(long, value_parser = role)]
        role: Role,
        /// The person's name; the user name where it is not given
        #[arg(long)]
        name: Option<String>,
        /// A unit the person speaks for, by its code; may be given several times
        #[arg(long = "unit", value_name = "CODE")]
        units: Vec<String>,
        #[command(flatten)]
        source: Source,
    },
    /// Gives an account a new password, ends all its sessions and lifts a lock
    Passwd {
        /// What the person types to sign in
        username: String,
        #[command(flatten)]
        source: Source,
    },
    /// Disables an account and ends all its sessions
    Disable {
        /// What the person types to sign in
        username: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Lets a disabled account sign in again with the password it had, and lifts a lock
    Enable {
        /// What the person types to sign in
        username: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Lifts a lock: wrong passwords tried so far no longer make anybody wait, also while the server runs
    Unlock {
        /// What the person types to sign in
        username: String,
        #[command(flatten)]
        flags: Flags,
    },
}

#[derive(Debug, clap::Args)]
struct Source {
    /// Reads the password from standard input instead of asking for it
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    flags: Flags,
}

impl User {
    /// Runs the command.
    ///
    /// # Errors
    /// When the account, the password or the database does not allow it.
    pub async fn run(self) -> Result<()> {
        let operator = Operator::at_the_console();
        match self.command {
            Command::Add { username, role, name, units, source } => {
                let password = source.password()?;
                let state = open(Settings::load(source.flags)?).await?;
                let name = name.as_deref().unwrap_or(&username);
                let loaded = state.catalogue.get().await?;
                let unit = |code: &String| loaded.unit_by_code(code).map(|unit| unit.id);
                let units = units
                    .iter()
                    .map(|code| unit(code).with_context(|| format!("no unit has the code {code}")))
                    .collect::<Result<Vec<_>>>()?;
                add(&state, &operator, &username, name, role, &units, &password).await?;
                println!("added {username}");
            }
            Command::Passwd { username, source } => {
                let password = source.password()?;
                let state = open(Settings::load(source.flags)?).await?;
                change_password(&state, &operator, &username, &password).await?;
                println!("changed the password of {username}");
            }
            Command::Disable { username, flags } => {
                let state = open(Settings::load(flags)?).await?;
                disable(&state, &operator, &username).await?;
                println!("disabled {username}");
            }
            Command::Enable { username, flags } => {
                let state = open(Settings::load(flags)?).await?;
                enable(&state, &operator, &username).await?;
                println!("enabled {username}");
            }
            Command::Unlock { username, flags } => {
                let state = open(Settings::load(flags)?).await?;
                unlock(&state, &operator, &username).await?;
                println!("unlocked {username}");
            }
        }
        Ok(())
    }
}

impl Source {
    fn password(&self) -> Result<String> {
        let password = if self.password_stdin || !std::io::stdin().is_terminal() {
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).context("reading the password")?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        } else {
            let password = rpassword::prompt_password("Password: ")?;
            ensure!(password == rpassword::prompt_password("Again: ")?, "the two passwords differ");
            password
        };
        match check_password("password", &password) {
            Ok(()) => Ok(password),
            Err(_) => bail!("a password has 8 to 256 characters"),
        }
    }
}

/// Adds an account.
///
/// # Errors
/// When the name is taken or cannot be one.
pub async fn add(
    state: &AppState,
    operator: &Operator,
    username: &str,
    name: &str,
    role: Role,
    units: &[UnitId],
    password: &str,
) -> Result<UserId> {
    if check_username("username", username).is_err() {
        bail!("a user name has 1 to 64 letters, digits, '.', '_' or '-'; {username:?} does not fit");
    }
    ensure!(role == Role::Unit || units.is_empty(), "only people of role unit speak for units");
    let password_hash = state.passwords.hash(username, password).await?;
    let id = UserId(state.clock.new_id());
    let user = NewUser { id, username: username.trim(), name, role, units, password_hash: &password_hash };
    let mut tx = state.db.begin().await?;
    match store::create(&mut tx, &Granted::to_operator(operator), &user, state.clock.now()).await {
        Ok(()) => tx.commit().await?,
        Err(error) if db::is_taken(&error) => bail!("there is already an account named {username}"),
        Err(error) => return Err(error.into()),
    }
    Ok(id)
}

/// Gives an account a new password and ends all its sessions.
///
/// # Errors
/// When there is no such account.
pub async fn change_password(
    state: &AppState,
    operator: &Operator,
    username: &str,
    password: &str,
) -> Result<()> {
    let hash = state.passwords.hash(username, password).await?;
    let mut tx = state.db.begin().await?;
    let key = username_key(username);
    let granted = Granted::to_operator(operator);
    ensure!(
        store::set_password(&mut tx, &granted, &key, &hash, state.clock.now()).await?,
        "there is no account named {username}"
    );
    tx.commit().await?;
    Ok(())
}

/// Disables an account and ends all its sessions.
///
/// # Errors
/// When there is no such account.
pub async fn disable(state: &AppState, operator: &Operator, username: &str) -> Result<()> {
    let mut tx = state.db.begin().await?;
    let granted = Granted::to_operator(operator);
    ensure!(
        store::disable(&mut tx, &granted, &username_key(username), state.clock.now()).await?,
        "there is no account named {username}"
    );
    tx.commit().await?;
    Ok(())
}

/// Lets a disabled account sign in again, and lifts a lock.
///
/// # Errors
/// When there is no such account.
pub async fn enable(state: &AppState, operator: &Operator, username: &str) -> Result<()> {
    let mut tx = state.db.begin().await?;
    let granted = Granted::to_operator(operator);
    ensure!(
        store::enable(&mut tx, &granted, &username_key(username)).await?,
        "there is no account named {username}"
    );
    tx.commit().await?;
    Ok(())
}

/// Lifts a lock.
///
/// # Errors
/// When there is no such account.
pub async fn unlock(state: &AppState, operator: &Operator, username: &str) -> Result<()> {
    let mut tx = state.db.begin().await?;
    let granted = Granted::to_operator(operator);
    ensure!(
        store::unlock(&mut tx, &granted, &username_key(username)).await?,
        "there is no account named {username}"
    );
    tx.commit().await?;
    Ok(())
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_code(text).ok_or_else(|| "one of inspector, unit, manager, admin".to_owned())
}
