//! A phone's rescue file: what a phone could not send, taken in for the account it belongs to, as if it had sent it.
//!
//! Everything goes the way that requests go, by the same functions under the same ids: what was here before is known, and
//! whatever the phone sends afterwards is answered as what was here before. Nothing is taken in of a file that is not
//! whole.

pub mod file;

use crate::AppState;
use crate::access::{Granted, ManagesUsers};
use crate::cli::Operator;
use crate::error::Error;
use crate::extract::{read_json, read_query};
use crate::photo::receive::{self, receive};
use crate::{issue, limit, order, user};
use anyhow::{Context, Result, ensure};
use app::account::username_key;
use app::id::{EventId, IssueId, OrderId, PhotoId};
use app::issue::Report;
use app::order::StepRequest;
use app::photo::Shot;
use app::problem::{Code, Problem};
use app::role::Actor;
use axum::body::Bytes;
use file::{Account, Item, Photo, Rescue, Target};
use serde_json::Value;
use std::collections::HashSet;
use std::path::Path;
use uuid::Uuid;

/// What became of an item.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It is here now.
    TakenIn,
    /// It had come before.
    WasHere,
    /// The rules do not allow it.
    Refused(Problem),
    /// Not tried: one that it follows was refused.
    HeldBack,
}

/// Something to tell the operator.
#[derive(Debug)]
pub enum Told<'a> {
    /// An item and what became of it.
    Item(&'a Item, &'a Outcome),
    /// A photo in this line is not what it was; what names it finds it missing.
    DamagedPhoto(usize, PhotoId),
    /// A draft of this name is nobody's report yet; left to its phone.
    Draft(&'a str),
}

/// How many came to what.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// Items that are here now.
    pub taken_in: usize,
    /// Items that had come before.
    pub were_here: usize,
    /// Items the rules do not allow.
    pub refused: usize,
    /// Items that follow one of those.
    pub held_back: usize,
    /// Drafts left out.
    pub drafts: usize,
}

/// Takes in what a rescue file holds. Doing it again changes nothing.
///
/// # Errors
/// When the file is not whole, or its account is not here as it says, before anything is taken in; when the database or
/// the photo folder fails, which does not undo what was told before.
pub async fn take_in(
    state: &AppState,
    operator: &Operator,
    path: &Path,
    mut told: impl FnMut(Told<'_>) + Send,
) -> Result<Sum> {
    let mut rescue = Rescue::open(path)?;
    let actor = whose(state, operator, &rescue.account).await?;
    for (line, photo) in &rescue.damaged {
        told(Told::DamagedPhoto(*line, *photo));
    }
    let mut sum = Sum { drafts: rescue.drafts.len(), ..Sum::default() };
    // Lanes in which one was refused: what follows builds on it.
    let mut held: HashSet<Uuid> = HashSet::new();
    for at in rescue.items.clone() {
        let item = rescue.item(at)?;
        let (outcome, count) = if held.contains(&item.lane) {
            (Outcome::HeldBack, &mut sum.held_back)
        } else {
            match send(state, operator, &actor, &mut rescue, &item).await {
                Ok(true) => (Outcome::TakenIn, &mut sum.taken_in),
                Ok(false) => (Outcome::WasHere, &mut sum.were_here),
                // An issue whose record is damaged takes no step; the others of the file are no worse for it.
                Err(Error::Refused(problem))
                    if problem.status < 500 || problem.code == Code::IssueDamaged =>
                {
                    held.insert(item.lane);
                    (Outcome::Refused(*problem), &mut sum.refused)
                }
                Err(error) => return Err(error.into()),
            }
        };
        *count += 1;
        told(Told::Item(&item, &outcome));
    }
    for draft in &rescue.drafts {
        told(Told::Draft(draft));
    }
    Ok(sum)
}

/// The person as whom things are taken in: the account that the file names, as it is here.
async fn whose(state: &AppState, operator: &Operator, account: &Account) -> Result<Actor> {
    let granted: Granted<ManagesUsers> = Granted::to_operator(operator);
    let key = username_key(&account.username);
    let found = user::store::find_actor(&state.db, &granted, &key).await?;
    // One of the same name may be another: made anew, or of another county.
    let (actor, is_disabled) = found
        .filter(|(actor, _)| actor.user_id == account.user_id)
        .with_context(|| format!("the file's account {:?} is not here", account.username))?;
    ensure!(!is_disabled, "the file's account {:?} is disabled", account.username);
    Ok(actor)
}

/// A body that was read as the API reads it.
enum Content {
    Report(IssueId, Report),
    Step(OrderId, EventId, StepRequest),
}

/// Sends an item as its phone would; whether it is new.
async fn send(
    state: &AppState,
    operator: &Operator,
    actor: &Actor,
    rescue: &mut Rescue,
    item: &Item,
) -> crate::Result<bool> {
    // Before the photos: those of a body that cannot be read need not be kept.
    let content = read(item)?;
    // What came before has its photos, and needs them no more.
    if issue::store::find_event(&state.db, item.id()).await?.is_none() {
        for id in &item.photos {
            // One that is not in the file may have come before.
            let Some(Photo { meta, bytes }) = rescue.photo(*id)? else { continue };
            // As a phone does: a clock or a position that cannot be is no reason to lose the photo.
            let shot = shot(*id, &meta).unwrap_or_default();
            let sender = receive::Sender { uploader: actor.user_id, shot: &shot, skew: None };
            let granted = Granted::to_operator_for(operator, actor)?;
            receive(state, granted, *id, sender, Bytes::from(bytes)).await?;
        }
    }
    let asked = match content {
        Content::Report(id, report) => {
            let granted = Granted::to_operator_for(operator, actor)?;
            issue::report(state, &granted, actor, id, report).await?
        }
        Content::Step(order, id, request) => {
            let granted = Granted::to_operator_for(operator, actor)?;
            order::take_step(state, &granted, actor, order, id, request).await?
        }
    };
    Ok(asked.is_new)
}

fn read(item: &Item) -> crate::Result<Content> {
    if item.body.len() > limit::JSON_BYTES {
        return Err(Code::PayloadTooLarge.into());
    }
    let body = item.body.as_bytes();
    Ok(match item.target()? {
        Target::Report(id) => Content::Report(id, read_json(body)?),
        Target::Step(order, id) => Content::Step(order, id, read_json(body)?),
    })
}

/// What a phone tells of a photo, read as the address of its `PUT` would be; nothing if that would be refused. What it keeps
/// beside that for itself is left out, as it leaves it out.
fn shot(id: PhotoId, meta: &serde_json::Map<String, Value>) -> Option<Shot> {
    let mut address = form_urlencoded::Serializer::new(String::new());
    for name in Shot::MEMBERS {
        match meta.get(name).unwrap_or(&Value::Null) {
            Value::Null => {}
            Value::String(text) => {
                address.append_pair(name, text);
            }
            other => {
                address.append_pair(name, &other.to_string());
            }
        }
    }
    read_query(&address.finish()).ok().filter(|shot: &Shot| shot.check(id).is_empty())
}
