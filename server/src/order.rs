//! Orders: moving them a step, looking at one.

pub mod routes;

use crate::AppState;
use crate::access::{Granted, TakesSteps};
use crate::error::Result;
use crate::issue::{self, Asked, Sender, store};
use app::id::{EventId, OrderId};
use app::order::{StepKind, StepRequest};
use app::problem::{Code, FieldCode, FieldProblem, Problem};

/// Moves an order a step, whoever brings it: a request, or the operator with a phone's rescue file.
///
/// # Errors
/// `not_found` where there is no such order; what [`issue::take_step`] refuses.
pub async fn take_step(
    state: &AppState,
    granted: &Granted<TakesSteps>,
    sender: impl Into<Sender<'_>>,
    order: OrderId,
    id: EventId,
    request: StepRequest,
) -> Result<Asked> {
    if request.step == StepKind::Assign {
        return Err(Problem::fields([FieldProblem::new("step", FieldCode::Unknown)]).into());
    }
    let issue = store::issue_of(&state.db, order).await?.ok_or(Code::NotFound)?;
    issue::take_step(state, granted, sender, issue, Some(order), id, request).await
}
