//! Taking in a report or a step: ask `app`, write what it decided, answer the same when asked again.

use crate::AppState;
use crate::access::{Granted, Reports, Scope, TakesSteps};
use crate::catalogue::Loaded;
use crate::db::{self, Tx};
use crate::error::Result;
use crate::issue::{chains, search_text, store};
use crate::photo;
use app::device_time::Skew;
use app::event::Sealed;
use app::id::{EventId, IssueId, OrderId, PhotoId};
use app::issue::{Context, Decided, Issue, Refusal, Report};
use app::order::StepRequest;
use app::problem::{Code, FieldCode, FieldProblem, Problem};
use app::role::Actor;
use app::time::DAY;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Whoever asks, and what is known of the clock in the person's hand.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// The person.
    pub actor: &'a Actor,
    /// How far the device's clock is ahead of ours, where it told.
    pub skew: Option<Skew>,
}

impl<'a> From<&'a Actor> for Sender<'a> {
    fn from(actor: &'a Actor) -> Self {
        Self { actor, skew: None }
    }
}

/// What a step is asked of.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// An issue, whatever its order.
    Issue(IssueId),
    /// This order and no later one.
    Order(OrderId),
}

/// What came of a request that may be repeated.
#[derive(Debug)]
pub struct Asked {
    /// The chain as it is now.
    pub chain: Vec<Sealed>,
    /// The issue as it is now.
    pub issue: Issue,
    /// Whether this request did it; `false` when an earlier one with the same id and content had.
    pub is_new: bool,
}

/// Takes a report in. The same report under the same id is answered again; another under the same id is refused.
///
/// # Errors
/// `id_taken`, `invalid_fields`, `photo_missing`, `photo_not_yours`.
pub async fn report(
    state: &AppState,
    granted: &Granted<Reports>,
    sender: impl Into<Sender<'_>>,
    id: IssueId,
    report: Report,
) -> Result<Asked> {
    let Sender { actor, skew } = sender.into();
    if id.0.is_nil() {
        return Err(Code::InvalidId.into());
    }
    let hash = request_hash(&report)?;
    // Asked again: answered from what was kept, whatever has become of the catalogue since.
    if let Some(again) = seen(state, EventId(id.0), actor, &hash).await? {
        return Ok(again);
    }
    let errors = report.check();
    if !errors.is_empty() {
        return Err(Problem::fields(errors).into());
    }
    let catalogue = state.catalogue.get().await?;
    let (spot, clause) = place(&catalogue, &report)?;
    let assignment = catalogue.routing.assign(spot, clause);

    let mut tx = state.db.begin().await?;
    tx.lock(id).await?;
    if store::find_event(&mut tx, EventId(id.0)).await?.is_some() {
        drop(tx);
        return seen(state, EventId(id.0), actor, &hash).await?.ok_or_else(|| Code::Internal.into());
    }
    let policy = &catalogue.bundle.policy;
    let now = state.clock.now();
    let since = now.plus(-i64::from(policy.recurrence_days) * DAY);
    let recurs = store::find_recurrence(&mut tx, spot.id, &clause.code, since).await?;
    let working_time = &catalogue.bundle.working_time;
    let named: Vec<PhotoId> = report.all_photo_ids().collect();
    let photos = photo::store::provenance(&mut tx, &named, actor.user_id, spot).await?;
    let decided = {
        let mut context = Context {
            now,
            skew,
            working_time,
            policy,
            catalogue: &catalogue.bundle.catalogue,
            photos: &photos,
            fresh_id: &mut || state.clock.new_id(),
        };
        Issue::report(id, report, (spot, clause), assignment, recurs, actor, &mut context)
    };
    let decided = decided.map_err(|refusal| refused(refusal, None))?;
    write(&mut tx, &decided, (actor, &granted.scope()), &hash, &catalogue).await?;
    tx.commit().await?;
    Ok(Asked { chain: decided.events().to_vec(), issue: decided.after().clone(), is_new: true })
}

/// Takes a step. The same step under the same id is answered again; another under the same id is refused. What the person may
/// not see is `not_found`. Before that, only the ids and an earlier sending of this step are looked at.
///
/// # Errors
/// `forbidden` and `step_not_allowed` with the steps that are allowed; `id_taken`, `invalid_fields`, `photo_missing`,
/// `photo_not_yours`, `not_same_hours`, `not_found`, `issue_damaged`.
pub async fn take_step(
    state: &AppState,
    granted: &Granted<TakesSteps>,
    sender: impl Into<Sender<'_>>,
    target: Target,
    id: EventId,
    request: StepRequest,
) -> Result<Asked> {
    let Sender { actor, skew } = sender.into();
    if id.0.is_nil() {
        return Err(Code::InvalidId.into());
    }
    let (issue_id, order_id) = match target {
        Target::Issue(issue) => (Some(issue), None),
        Target::Order(order) => (store::issue_of(&state.db, order).await?, Some(order)),
    };
    let Some(issue_id) = issue_id else {
        let is_taken = store::find_event(&state.db, id).await?.is_some();
        return Err(if is_taken { Code::IdTaken } else { Code::NotFound }.into());
    };
    let hash = request_hash(&(issue_id, order_id, &request))?;
    if let Some(again) = seen(state, id, actor, &hash).await? {
        return Ok(again);
    }
    let catalogue = state.catalogue.get().await?;
    let is_unit_known =
        request.unit_id.is_none_or(|unit| catalogue.unit(unit).is_some_and(|unit| unit.active));

    let mut tx = state.db.begin().await?;
    tx.lock(issue_id).await?;
    if store::find_event(&mut tx, id).await?.is_some() {
        drop(tx);
        return seen(state, id, actor, &hash).await?.ok_or_else(|| Code::Internal.into());
    }
    let scope = granted.scope();
    let is_order_visible = match order_id {
        Some(order) => store::find_by_order(&mut tx, order, &scope).await?.is_some(),
        None => true,
    };
    if !is_order_visible || !store::is_in_scope(&mut tx, issue_id, &scope).await? {
        return Err(Code::NotFound.into());
    }
    let mut chain = store::chain(&mut tx, issue_id).await?;
    let issue = chains::replay(issue_id, &chain)?;
    if order_id.is_some_and(|asked| issue.order().map(|order| order.id) != Some(asked)) {
        // Another unit has the issue by now; this order takes no more steps.
        return Err(Problem::new(Code::StepNotAllowed).with_allowed(Vec::<String>::new()).into());
    }
    let clause = catalogue
        .clause(&issue.report.clause_code)
        .ok_or_else(|| anyhow::anyhow!("the clause of issue {issue_id} has left the catalogue"))?;
    let photos = match catalogue.spot(issue.report.spot_id) {
        Some(spot) => photo::store::provenance(&mut tx, &request.photo_ids, actor.user_id, spot).await?,
        None => Vec::new(),
    };
    let decided = {
        let mut context = Context {
            now: state.clock.now(),
            skew,
            working_time: &catalogue.bundle.working_time,
            policy: &catalogue.bundle.policy,
            catalogue: &catalogue.bundle.catalogue,
            photos: &photos,
            fresh_id: &mut || state.clock.new_id(),
        };
        issue.decide(id, request, clause, actor, &chain, &mut context)
    };
    let decided = decided.map_err(|refusal| refused(refusal, Some((&issue, actor, &catalogue))))?;
    // After the guards: who may not name a unit does not learn which there are.
    if !is_unit_known {
        return Err(Problem::fields([FieldProblem::new("unit_id", FieldCode::NotFound)]).into());
    }
    write(&mut tx, &decided, (actor, &scope), &hash, &catalogue).await?;
    tx.commit().await?;
    chain.extend_from_slice(decided.events());
    Ok(Asked { chain, issue: decided.after().clone(), is_new: true })
}

async fn write(
    tx: &mut Tx,
    decided: &Decided,
    (actor, scope): (&Actor, &Scope),
    hash: &str,
    catalogue: &Loaded,
) -> Result<()> {
    // All of them are looked at before anything is said: a sender should hear of every missing photo at once.
    let mut trouble = store::PhotoTrouble::default();
    for sealed in decided.events() {
        let event = sealed.event();
        let (by, to) = ((actor.user_id, scope), (event.issue_id, event.seq));
        let taken = store::attach_photos(tx, &event.photo_ids, by, to).await?;
        if let Err(more) = taken {
            trouble.missing.extend(more.missing);
            trouble.not_yours.extend(more.not_yours);
        }
    }
    if trouble != store::PhotoTrouble::default() {
        return Err(photo_trouble(trouble).into());
    }
    let search = search_text(decided.after(), catalogue);
    store::append(tx, decided, hash, &search).await.map_err(|error| match db::is_taken(&error) {
        // Two issues were given a step of the same id at the same moment.
        true => Code::IdTaken.into(),
        false => error.into(),
    })
}

/// The answer to a request that was carried out before, if this one is the same; `id_taken` if it is not.
async fn seen(state: &AppState, id: EventId, actor: &Actor, hash: &str) -> Result<Option<Asked>> {
    let Some((issue_id, by, asked)) = store::find_event(&state.db, id).await? else { return Ok(None) };
    if by != actor.user_id || asked.as_deref() != Some(hash) {
        return Err(Code::IdTaken.into());
    }
    let chain = store::chain(&state.db, issue_id).await?;
    let issue = chains::replay(issue_id, &chain)?;
    Ok(Some(Asked { chain, issue, is_new: false }))
}

/// The spot and the clause of a report, if both are offered and belong together.
fn place<'a>(
    catalogue: &'a Loaded,
    report: &Report,
) -> Result<(&'a app::spot::Spot, &'a app::clause::Clause)> {
    let spot = match catalogue.spot(report.spot_id) {
        Some(spot) if spot.active => Ok(spot),
        Some(_) => Err(FieldProblem::new("spot_id", FieldCode::Withdrawn)),
        None => Err(FieldProblem::new("spot_id", FieldCode::NotFound)),
    };
    let spot = spot.map_err(|field| Problem::fields([field]))?;
    let clause = catalogue.clause(&report.clause_code);
    let belongs = catalogue.is_checked_at(&spot.spot_type, &report.clause_code);
    match (clause, Report::clause_error(clause, belongs)) {
        (Some(clause), None) => match report.phrase_error(clause) {
            None => Ok((spot, clause)),
            Some(error) => Err(Problem::fields([error]).into()),
        },
        (_, error) => Err(Problem::fields(error).into()),
    }
}

/// SHA-256 of what was asked for, in hex. Fields are written in their declared order, so the same content hashes alike.
fn request_hash(content: &impl Serialize) -> Result<String> {
    let text = serde_json::to_vec(content).map_err(anyhow::Error::from)?;
    Ok(hex::encode(Sha256::digest(text)))
}

fn refused(refusal: Refusal, on: Option<(&Issue, &Actor, &Loaded)>) -> Problem {
    let allowed = on.map(|(issue, actor, catalogue)| {
        app::issue::allowed_steps(issue, actor, &catalogue.bundle.policy).into_iter().map(|step| step.code())
    });
    let with_allowed = |problem: Problem| match allowed {
        Some(allowed) => problem.with_allowed(allowed),
        None => problem,
    };
    match refusal {
        Refusal::Forbidden => with_allowed(Problem::new(Code::Forbidden)),
        Refusal::NotAllowed { .. } | Refusal::Clock(_) => with_allowed(Problem::new(Code::StepNotAllowed)),
        Refusal::NotSameHours => with_allowed(Problem::new(Code::NotSameHours)),
        Refusal::Invalid(fields) => Problem::fields(fields),
    }
}

fn photo_trouble(trouble: store::PhotoTrouble) -> Problem {
    let of = |code, ids: Vec<PhotoId>| Problem::new(code).with_photos(ids);
    if trouble.missing.is_empty() {
        of(Code::PhotoNotYours, trouble.not_yours)
    } else {
        of(Code::PhotoMissing, trouble.missing)
    }
}
