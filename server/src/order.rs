//! Orders: moving them a step, looking at one.

pub mod routes;

use crate::AppState;
use crate::access::{Granted, TakesSteps};
use crate::error::Result;
use crate::issue::{self, Asked, Sender, Target};
use app::id::{EventId, OrderId};
use app::order::{StepKind, StepRequest};
use app::problem::{FieldCode, FieldProblem, Problem};

/// Moves an order a step, whoever brings it: a request, or the operator with a phone's rescue file.
///
/// # Errors
/// `not_found` where there is no such order, or none that the person may see; what [`issue::take_step`] refuses.
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
    issue::take_step(state, granted, sender, Target::Order(order), id, request).await
}
