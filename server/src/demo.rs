//! The demo county: a catalogue, people, and ninety days of work, made by the same functions as real work and always
//! the same for the same day.

mod album;
mod history;
mod life;
mod people;
pub mod pictures;
mod words;

use crate::AppState;
use crate::access::Granted;
use crate::cli::Operator;
use crate::db::query;
use crate::import;
use anyhow::{Context, Result};
use app::time::Timestamp;

/// The password of every account of the demo.
pub const PASSWORD: &str = "spotfix-demo";

/// When the demo county was finished; `None` when it was not, or never begun.
///
/// # Errors
/// When the database fails.
pub async fn finished_at(state: &AppState) -> Result<Option<Timestamp>> {
    let row: Option<(String,)> =
        state.db.fetch_optional(query("select value from setting where key = 'demo_finished_at'")).await?;
    Ok(row.and_then(|(text,)| text.parse().ok()).map(Timestamp::from_millis))
}

/// Makes the demo county in an empty database, telling how far it is.
///
/// # Errors
/// When the database or the photo folder fails. What was made until then is not finished, and is made anew next time.
pub async fn create(state: &AppState, operator: &Operator, tell: &(dyn Fn(&str) + Sync)) -> Result<()> {
    tell("importing the catalogue");
    let (catalogue, users) = (Granted::to_operator(operator), Granted::to_operator(operator));
    import::apply(state, &import::demo_county(), &catalogue, &users)
        .await
        .context("importing the demo county")?;
    // One hash for all: the password is printed on the terminal anyway, and sixty hashes would take seconds.
    let hash = state.passwords.hash("", PASSWORD).await?;
    state.db.execute(query("update account set password_hash = $1").bind(hash)).await?;

    tell("drawing pictures");
    let album = album::Album::draw(state).await?;
    tell("living through ninety days");
    let people = people::People::load(&state.db).await?;
    let loaded = state.catalogue.get().await?;
    let issues = history::write(state, &loaded, &people, &album).await?;
    tell(&format!("{issues} issues"));
    let now = state.clock.now().millis().to_string();
    state
        .db
        .execute(query("insert into setting (key, value) values ('demo_finished_at', $1)").bind(now))
        .await?;
    Ok(())
}
