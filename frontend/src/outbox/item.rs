//! Items: what was given to the outbox, byte for byte as it is sent until the server has answered.

use app::id::{IssueId, OrderId, PhotoId, SpotId, UserId};
use app::order::StepKind;
use app::problem::Problem;
use app::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::draft::Draft;

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// The report of a problem.
    Report,
    /// A step of an order.
    Step,
}

/// How far an item is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Saved here, and waiting for its turn or the network.
    #[default]
    Waiting,
    /// On its way.
    Sending,
    /// The server has it.
    Received,
    /// The server refused it: somebody has to look.
    NeedsYou,
}

/// Why an item is not with the server yet.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Why {
    /// What kind of reason.
    pub kind: Reason,
    /// What the server said, where it said something.
    #[serde(default, deserialize_with = "readable")]
    pub problem: Option<Problem>,
}

/// The kinds of reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing answered.
    Unreached,
    /// Something else than our server answered.
    Unreadable,
    /// The server could not at that moment.
    Busy,
    /// The server refused.
    Refused,
    /// Something before the server lets nothing so large through.
    TooLarge,
    /// A photo of it is no longer on this phone.
    #[serde(other)]
    Lost,
}

/// What this page can read of it: a newer server or an older page may have written something else, which is no reason to
/// show nothing of the whole outbox.
fn readable<'de, D: serde::Deserializer<'de>, T: serde::de::DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    // By way of its text: reading it out of the value would bring the whole reader a second time.
    Ok(serde_json::from_str(&value.to_string()).ok())
}

/// What an item is about.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Subject {
    /// The issue.
    pub issue_id: Option<IssueId>,
    /// The order, for a step.
    pub order_id: Option<OrderId>,
    /// The spot.
    pub spot_id: Option<SpotId>,
    /// The clause.
    pub clause_code: Option<String>,
}

/// What the phone reckoned when the item was made; the server's answer counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Forecast {
    /// The unit's name; none for the office's pool.
    pub unit: Option<String>,
    /// The due time.
    pub due_at: Option<Timestamp>,
}

/// One thing to send.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Item {
    /// The id of the issue or step.
    pub id: Uuid,
    /// Whose it is.
    pub user: UserId,
    /// What it is.
    pub kind: ItemKind,
    /// Which step.
    #[serde(default)]
    pub step: Option<StepKind>,
    /// Where it is sent to.
    pub path: String,
    /// What is sent, byte for byte; lists leave it out.
    #[serde(default)]
    pub body: String,
    /// The id that the server's answer has to carry.
    pub answer_id: Uuid,
    /// The photos that go before it.
    pub photos: Vec<PhotoId>,
    /// Items of one issue go one after the other.
    pub lane: IssueId,
    /// What it is about, for lists.
    pub title: String,
    /// More about it.
    pub detail: String,
    /// What it was made of, where that can be gone on with here.
    #[serde(default, deserialize_with = "readable")]
    pub draft: Option<Draft>,
    /// What it is about.
    #[serde(default)]
    pub subject: Option<Subject>,
    /// What the phone reckoned.
    #[serde(default)]
    pub forecast: Option<Forecast>,
    /// It waits for some seconds before it is sent, so that it can be taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_undoable: bool,
    /// When it was given to the outbox, by the device; Unix milliseconds.
    pub made_at: i64,
    /// How far it is.
    #[serde(default, skip_serializing)]
    pub stage: Stage,
    /// How many of its photos have arrived.
    #[serde(default, skip_serializing)]
    pub sent: usize,
    /// It waits behind one of the same issue that needs the person.
    #[serde(default, skip_serializing)]
    pub is_held: bool,
    /// It was on its way when the connection broke: the server may have it.
    #[serde(default, skip_serializing)]
    pub may_have_arrived: bool,
    /// Why it has not arrived.
    #[serde(default, skip_serializing)]
    pub why: Option<Why>,
    /// What the server answered.
    #[serde(default, skip_serializing)]
    pub answer: Option<serde_json::Value>,
    /// When the server answered, by the device; Unix milliseconds.
    #[serde(default, skip_serializing)]
    pub received_at: Option<i64>,
}

impl Item {
    /// Whether the server has not got it.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        self.stage != Stage::Received
    }
}
