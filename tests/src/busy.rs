//! Some weeks of a busy county: sixty issues of two inspectors that went every way there is, a school in another area
//! and a third unit of another ranking group beside what [`crate::county`] lays out.

use crate::county::{self, AREA, AT, LAMP, LITTER, MARKET, MINOR, NIGHT, STALL};
use crate::scene::{self, OTHER_UNIT, UNIT};
use crate::work::report;
use crate::{Client, TestApp};
use app::clause::Severity;
use app::event::Sealed;
use app::id::{AreaId, IssueId, OrderId, SpotId, UnitId};
use app::issue::{Issue, IssueAnswer};
use app::spot::{Spot, SpotType, TypeClause};
use app::time::{HOUR, MINUTE};
use app::unit::{Area, Unit};
use serde_json::{Value, json};
use server::access::Granted;
use server::catalogue::store::Check;
use server::catalogue::{setting, write};
use server::cli::Operator;
use server::db::query;
use uuid::{Uuid, uuid};

/// The unit that runs the school, of another ranking group; [`OTHER_UNIT`]'s liaison speaks for it too.
pub const SCHOOL_UNIT: UnitId = UnitId(uuid!("01900000-0000-7000-8000-0000000000a4"));
/// Its ranking group.
pub const SCHOOL_GROUP: &str = "学校组";
/// A school, in an area of its own.
pub const SCHOOL: SpotId = SpotId(uuid!("01900000-0000-7000-8000-0000000000c4"));
/// The school's area.
pub const SCHOOL_AREA: AreaId = AreaId(uuid!("01900000-0000-7000-8000-0000000000b2"));
/// How many issues there are.
pub const ISSUES: usize = 60;

/// What becomes of the issues, one after the other: steps with the hours before each. `l` is the unit's own liaison,
/// `o` the office, `r` whoever did not report.
const FATES: [&[(i64, char, &str)]; 19] = [
    &[],
    &[(1, 'l', "accept")],
    &[(1, 'l', "accept"), (1, 'l', "reply")],
    &[(1, 'l', "accept"), (1, 'l', "reply"), (1, 'l', "confirm")],
    &[(0, 'l', "accept"), (1, 'l', "reply"), (0, 'l', "confirm"), (2, 'r', "pass")],
    &[(1, 'l', "accept"), (80, 'l', "reply"), (0, 'l', "confirm"), (2, 'r', "pass")],
    &[(1, 'l', "accept"), (1, 'l', "reply"), (0, 'l', "confirm"), (3, 'r', "fail")],
    &[
        (1, 'l', "accept"),
        (1, 'l', "reply"),
        (0, 'l', "confirm"),
        (3, 'r', "fail"),
        (1, 'l', "reply"),
        (0, 'l', "confirm"),
        (20, 'r', "fail"),
        (1, 'l', "reply"),
        (0, 'l', "confirm"),
        (1, 'r', "pass"),
    ],
    &[(1, 'l', "return")],
    &[(1, 'l', "return"), (2, 'o', "rule same")],
    &[(1, 'l', "accept"), (1, 'l', "return"), (2, 'o', "rule other"), (1, 'l', "accept")],
    &[(1, 'o', "void")],
    &[(1, 'l', "accept"), (80, 'l', "reply"), (0, 'l', "confirm")],
    &[(1, 'l', "accept"), (1, 'l', "reply"), (0, 'l', "confirm"), (3, 'r', "fail"), (1, 'o', "void")],
    &[(80, 'l', "return")],
    &[(60, 'l', "accept"), (1, 'l', "reply"), (0, 'l', "confirm"), (1, 'r', "fail"), (1, 'l', "reply")],
    &[(0, 'l', "accept"), (0, 'l', "reply"), (0, 'l', "confirm"), (0, 'r', "pass")],
    &[(1, 'l', "accept"), (1, 'l', "reply"), (1, 'l', "confirm"), (1, 'o', "void")],
    &[
        (1, 'l', "return"),
        (1, 'o', "rule other"),
        (1, 'l', "accept"),
        (1, 'l', "reply"),
        (0, 'l', "confirm"),
        (1, 'r', "pass"),
    ],
];

/// What the descriptions hold, for searching.
pub const WORDS: [&str; 6] =
    ["路灯不亮", "100%积水", "snake_case", "O'Brien's Café", "垃圾 \"成堆\"", "a!b\\c"];

/// Lays the county out and lets the weeks go by.
pub async fn live(app: &TestApp) {
    lay(app).await;
    for number in 0..ISSUES {
        add(app, number).await;
    }
}

/// Lays out the county, the school and the third unit.
pub async fn lay(app: &TestApp) {
    county::lay(&app.state).await;
    let operator = Operator::for_tests();
    let granted = Granted::to_operator(&operator);
    let mut tx = app.state.db.begin().await.expect("begun");
    let unit = Unit {
        id: SCHOOL_UNIT,
        code: "DING".to_owned(),
        name: "丁学校".to_owned(),
        short_name: "丁".to_owned(),
        aliases: vec!["校办".to_owned()],
        pinyin: String::new(),
        group: SCHOOL_GROUP.to_owned(),
        parent_id: None,
        active: true,
    };
    write::put_unit(&mut tx, &granted, &unit).await.expect("kept");
    let area = Area {
        id: SCHOOL_AREA,
        code: "CD".to_owned(),
        name: "城东".to_owned(),
        parent_id: Some(AREA),
        unit_id: None,
    };
    write::put_area(&mut tx, &granted, &area).await.expect("kept");
    let school = SpotType {
        code: "XX".to_owned(),
        name: "学校".to_owned(),
        lead_text: String::new(),
        coop_text: String::new(),
        evidence: "B".to_owned(),
        route: String::new(),
        clauses: Vec::new(),
    };
    write::put_spot_type(&mut tx, &granted, &school).await.expect("kept");
    for (position, code) in [LAMP, LITTER].into_iter().enumerate() {
        let check = Check {
            spot_type: school.code.clone(),
            clause: TypeClause { clause_code: code.to_owned(), n: None, note: String::new() },
            position: u32::try_from(position).expect("few"),
            active: true,
        };
        write::put_check(&mut tx, &granted, &check).await.expect("kept");
    }
    let spot = Spot {
        id: SCHOOL,
        code: "XX-001".to_owned(),
        name: "城东学校".to_owned(),
        initials: "cdxx".to_owned(),
        pinyin: String::new(),
        spot_type: school.code,
        area_id: SCHOOL_AREA,
        address: "育才路12号".to_owned(),
        lng: AT.0,
        lat: AT.1,
        lead_unit_id: None,
        territory_unit_id: None,
        operator_unit_id: Some(SCHOOL_UNIT),
        head: String::new(),
        hours: String::new(),
        active: true,
    };
    write::put_spot(&mut tx, &granted, &spot).await.expect("kept");
    let membership =
        query("insert into membership (user_id, unit_id) select id, $1 from account where username_key = $2");
    tx.execute(membership.bind(SCHOOL_UNIT).bind("liaison2")).await.expect("kept");
    setting::move_version_on(&mut tx, &granted).await.expect("kept");
    tx.commit().await.expect("committed");
    app.state.catalogue.forget();
}

/// Reports the issue with this number and leads it to its fate.
pub async fn add(app: &TestApp, number: usize) -> IssueId {
    // Every fourth comes at the same moment as the one before it.
    if number % 4 != 3 {
        app.state.clock.advance(5 * HOUR + 7 * MINUTE);
    }
    let (reporter, rechecker) = match number % 3 {
        0 => (app.other_inspector(), app.inspector()),
        _ => (app.inspector(), app.other_inspector()),
    };
    let (spot, clause) = [
        (MARKET, LAMP),
        (MARKET, LITTER),
        (SCHOOL, LAMP),
        (MARKET, MINOR),
        (STALL, LAMP),
        (MARKET, LITTER),
        (SCHOOL, LITTER),
        (MARKET, NIGHT),
    ][number % 8];
    let mut sent = report(spot, clause, app.state.clock.now());
    sent["severity"] = json!(Severity::Minor);
    sent["description"] = json!(format!("{} {number}", WORDS[number % WORDS.len()]));
    if number % 11 == 10 {
        sent["fixed_on_spot"] = json!({ "note": "当场整改" });
    }
    let id = scene::new_id();
    let issue: IssueAnswer = reporter.put(&format!("/api/issues/{id}"), &sent).await.expect(201).json();
    let mut at = match (issue.order, number % 3) {
        (Some(order), _) => Place { order: order.id, unit: order.unit_id },
        // Some of the pool are assigned, some made void there, some wait, as what was fixed on the spot does not.
        (None, part) => match pooled(app, id, part).await {
            Some(place) => place,
            None => return IssueId(id),
        },
    };
    for (hours, who, step) in FATES[number % FATES.len()] {
        app.state.clock.advance(hours * HOUR);
        let client = match who {
            'l' => liaison_of(app, at.unit),
            'r' => rechecker.clone(),
            _ => app.manager(),
        };
        let other = if at.unit == UNIT { OTHER_UNIT } else { UNIT };
        let step_body = client.shown(body(step, at.unit, other)).await;
        let reply = client.try_step(at.order, &step_body).await;
        if reply.status == 409 && clause == NIGHT {
            // A problem of certain hours does not pass in others: it waits.
            break;
        }
        let _ = reply.expect(201);
        if *step == "rule other" {
            let order = app.manager().issue(id).await.order.expect("another order");
            at = Place { order: order.id, unit: order.unit_id };
        }
    }
    IssueId(id)
}

struct Place {
    order: OrderId,
    unit: UnitId,
}

async fn pooled(app: &TestApp, id: Uuid, part: usize) -> Option<Place> {
    let step = match part {
        0 => json!({ "step": "assign", "unit_id": UNIT }),
        1 => json!({ "step": "void", "note": "重复" }),
        _ => return None,
    };
    let reply = app.manager().put(&format!("/api/issues/{id}/steps/{}", scene::new_id()), &step).await;
    if reply.status == 409 {
        // Fixed on the spot, so closed.
        return None;
    }
    let issue: IssueAnswer = reply.expect(201).json();
    issue.order.map(|order| Place { order: order.id, unit: order.unit_id })
}

fn liaison_of(app: &TestApp, unit: UnitId) -> Client {
    if unit == UNIT { app.liaison() } else { app.other_liaison() }
}

fn body(step: &str, same: UnitId, other: UnitId) -> Value {
    match step {
        "rule same" => json!({ "step": "rule", "note": "仍由原单位办理", "unit_id": same }),
        "rule other" => json!({ "step": "rule", "note": "改派", "unit_id": other }),
        _ => json!({ "step": step, "note": "说明" }),
    }
}

/// Every issue as its events tell it: what lists and rates are compared with.
pub async fn truth(app: &TestApp) -> Vec<Issue> {
    let ids: Vec<(Uuid,)> =
        app.state.db.fetch_all(query("select id from issue order by id")).await.expect("read");
    let mut issues = Vec::new();
    for (id,) in ids {
        let chain = server::issue::store::chain(&app.state.db, id.into()).await.expect("whole");
        issues.push(Issue::replay(chain.iter().map(Sealed::event)).expect("begins with a report"));
    }
    issues
}
