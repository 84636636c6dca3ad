//! What a device that sends late, twice or in somebody else's name can rely on: the header with its time, the header with
//! its account, and answers that tell our server from anything else that answers.

mod account;
mod answers;
mod clocks;
mod crowd;

use tests::{Client, TestApp, scene};

/// The device's clock while it sends.
pub(crate) const DEVICE_TIME: &str = "spotfix-device-time";
/// The account that is meant.
pub(crate) const ACCOUNT: &str = "spotfix-account";

/// The address of a new issue.
pub(crate) fn new_issue() -> String {
    format!("/api/issues/{}", scene::new_id())
}

/// The id of the account somebody is signed in with.
pub(crate) async fn id_of(app: &TestApp, username: &str) -> String {
    let me = app.client(username).get("/api/me").await.expect(200).value();
    me["user_id"].as_str().expect("an id").to_owned()
}

/// Somebody whose clock is ahead by so much.
pub(crate) fn ahead(app: &TestApp, client: Client, millis: i64) -> Client {
    client.with_header(DEVICE_TIME, app.state.clock.now().plus(millis))
}
