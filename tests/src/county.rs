//! A small county: two units, one area, three spots, six clauses, enough for every way of routing.

use crate::scene::{OTHER_UNIT, UNIT};
use app::clause::{Category, Clause, Phrase, Severity, SpotRole};
use app::clock::Limit;
use app::id::{AreaId, RuleId, SpotId, UnitId};
use app::routing::{RoutingRule, RuleTarget};
use app::spot::{Spot, SpotType, TypeClause};
use app::unit::{Area, Unit};
use server::AppState;
use server::access::Granted;
use server::catalogue::store::Check;
use server::catalogue::{setting, write};
use server::cli::Operator;
use uuid::uuid;

/// The area.
pub const AREA: AreaId = AreaId(uuid!("01900000-0000-7000-8000-0000000000b1"));
/// A market: run by [`UNIT`], in the territory of [`OTHER_UNIT`].
pub const MARKET: SpotId = SpotId(uuid!("01900000-0000-7000-8000-0000000000c1"));
/// A stall without any unit: what is seen there ends in the pool.
pub const STALL: SpotId = SpotId(uuid!("01900000-0000-7000-8000-0000000000c2"));
/// A market that is closed for good.
pub const CLOSED_MARKET: SpotId = SpotId(uuid!("01900000-0000-7000-8000-0000000000c3"));
/// A unit that takes no orders any more.
pub const CLOSED_UNIT: UnitId = UnitId(uuid!("01900000-0000-7000-8000-0000000000a3"));
/// Longitude and latitude of the market.
pub const AT: (f64, f64) = (113.72, 33.56);

/// A broken thing at a place: the operator's; two working days.
pub const LAMP: &str = "T01";
/// Litter: the operator's here too, four working hours.
pub const LITTER: &str = "T02";
/// Something that exists only at certain hours.
pub const NIGHT: &str = "T03";
/// Withdrawn.
pub const WITHDRAWN: &str = "T04";
/// Checked elsewhere only.
pub const ELSEWHERE: &str = "T05";
/// Minor, so that it needs no photo.
pub const MINOR: &str = "T06";

fn unit(id: UnitId, code: &str, name: &str, active: bool) -> Unit {
    Unit {
        id,
        code: code.to_owned(),
        name: name.to_owned(),
        short_name: name.to_owned(),
        aliases: Vec::new(),
        pinyin: String::new(),
        group: "测试组".to_owned(),
        parent_id: None,
        active,
    }
}

fn spot(id: SpotId, code: &str, operator: Option<UnitId>, active: bool) -> Spot {
    Spot {
        id,
        code: code.to_owned(),
        name: format!("测试市场{code}"),
        initials: "cssc".to_owned(),
        pinyin: String::new(),
        spot_type: "NMSC".to_owned(),
        area_id: AREA,
        address: "人民路1号".to_owned(),
        lng: AT.0,
        lat: AT.1,
        lead_unit_id: None,
        territory_unit_id: operator.map(|_| OTHER_UNIT),
        operator_unit_id: operator,
        head: String::new(),
        hours: String::new(),
        active,
    }
}

fn clause(code: &str, limit: &str) -> Clause {
    Clause {
        code: code.to_owned(),
        dimension: "环境卫生".to_owned(),
        text: format!("条款{code}"),
        pinyin: String::new(),
        method: "目视".to_owned(),
        not_counted: String::new(),
        category: Category::Part,
        role: Some(SpotRole::Operator),
        default_unit_id: None,
        owner_text: String::new(),
        limit: limit.parse::<Limit>().expect("a limit"),
        severity: Severity::General,
        hours_sensitive: code == NIGHT,
        phrases: vec![Phrase {
            code: format!("{code}a"),
            text: format!("常见问题{code}"),
            severity: None,
            active: true,
        }],
        active: code != WITHDRAWN,
    }
}

/// Lays the county out.
pub async fn lay(state: &AppState) {
    let operator = Operator::for_tests();
    let granted = Granted::to_operator(&operator);
    let mut tx = state.db.begin().await.expect("begun");
    for it in [
        unit(UNIT, "JIA", "甲单位", true),
        unit(OTHER_UNIT, "YI", "乙单位", true),
        unit(CLOSED_UNIT, "BING", "丙单位", false),
    ] {
        write::put_unit(&mut tx, &granted, &it).await.expect("kept");
    }
    let area = Area {
        id: AREA,
        code: "QX".to_owned(),
        name: "全县".to_owned(),
        parent_id: None,
        unit_id: Some(OTHER_UNIT),
    };
    write::put_area(&mut tx, &granted, &area).await.expect("kept");
    let market = SpotType {
        code: "NMSC".to_owned(),
        name: "农贸市场".to_owned(),
        lead_text: String::new(),
        coop_text: String::new(),
        evidence: "A".to_owned(),
        route: String::new(),
        clauses: Vec::new(),
    };
    write::put_spot_type(&mut tx, &granted, &market).await.expect("kept");
    for (position, (code, limit)) in [
        (LAMP, "2work_day"),
        (LITTER, "4work_hour"),
        (NIGHT, "1work_day"),
        (WITHDRAWN, "1work_day"),
        (ELSEWHERE, "1work_day"),
        (MINOR, "1work_day"),
    ]
    .into_iter()
    .enumerate()
    {
        write::put_clause(&mut tx, &granted, &clause(code, limit)).await.expect("kept");
        if code != ELSEWHERE {
            let check = Check {
                spot_type: market.code.clone(),
                clause: TypeClause { clause_code: code.to_owned(), n: None, note: String::new() },
                position: u32::try_from(position).expect("few"),
                active: true,
            };
            write::put_check(&mut tx, &granted, &check).await.expect("kept");
        }
    }
    for it in [
        spot(MARKET, "NMSC-001", Some(UNIT), true),
        spot(STALL, "NMSC-002", None, true),
        spot(CLOSED_MARKET, "NMSC-003", Some(UNIT), false),
    ] {
        write::put_spot(&mut tx, &granted, &it).await.expect("kept");
    }
    let rule = RoutingRule {
        id: RuleId(uuid!("01900000-0000-7000-8000-0000000000d1")),
        target: RuleTarget::SpotClause { spot_id: MARKET, clause_code: LITTER.to_owned() },
        unit_id: OTHER_UNIT,
        note: "场内保洁外包".to_owned(),
    };
    write::put_rule(&mut tx, &granted, &rule, true).await.expect("kept");
    setting::move_version_on(&mut tx, &granted).await.expect("kept");
    tx.commit().await.expect("committed");
    state.catalogue.forget();
}
