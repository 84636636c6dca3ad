//! The catalogue: held in memory, looked things up in, sent to phones, and asked who answers for what.

use app::bundle::{AssignmentAnswer, FieldBundle};
use app::calendar::{Calendar, WorkingHours};
use app::clock::Reading;
use app::issue::Policy;
use app::page::Page;
use app::problem::{Code, FieldCode};
use app::routing::{Beaten, RoutingRule, Simulation, Way};
use app::spot::{Spot, SpotType};
use app::unit::{Area, Unit};
use axum::body::Body;
use server::access::Granted;
use server::catalogue::{Cache, setting};
use server::cli::Operator;
use server::import;
use tests::{Client, TestApp, encoded, on_both_engines};

on_both_engines!(
    an_empty_catalogue_is_one_too,
    the_bundle_is_what_the_files_say,
    the_bundle_is_sent_once,
    whoever_is_not_signed_in_gets_nothing,
    things_are_found_and_paged,
    words_pinyin_and_everyday_names_are_found,
    polyphones_are_read_by_their_phrases,
    what_cannot_be_asked_is_refused,
    an_assignment_says_why,
    the_simulation_finds_what_never_wins_and_what_nothing_reaches,
    a_change_is_seen_and_otherwise_nothing_is_read,
    settings_are_kept,
);

async fn furnish(app: &TestApp) {
    let operator = Operator::for_tests();
    let (catalogue, users) = (Granted::to_operator(&operator), Granted::to_operator(&operator));
    import::apply(&app.state, &import::demo_county(), &catalogue, &users).await.expect("the county is sound");
}

async fn an_empty_catalogue_is_one_too(app: TestApp) {
    let bundle: FieldBundle = app.inspector().get("/api/field-bundle").await.expect(200).json();
    assert_eq!(bundle.working_time.calendar, Calendar::builtin());
    assert_eq!(bundle.policy, Policy::default());
    assert!(bundle.catalogue.units.is_empty() && bundle.catalogue.spots.is_empty());
    let page: Page<Unit> = app.inspector().get("/api/units").await.expect(200).json();
    assert_eq!((page.items.len(), page.next_cursor), (0, None));
}

async fn the_bundle_is_what_the_files_say(app: TestApp) {
    furnish(&app).await;
    let bundle: FieldBundle = app.liaison().get("/api/field-bundle").await.expect(200).json();
    let it = &bundle.catalogue;
    let counts = [it.units.len(), it.areas.len(), it.spot_types.len(), it.clauses.len(), it.spots.len()];
    assert_eq!(counts, [48, 7, 37, 177, 248]);
    assert_eq!(it.spot_types.iter().map(|it| it.clauses.len()).sum::<usize>(), 410);
    assert_eq!(it.rules.len(), 21);
    let spot = it.spots.iter().find(|it| it.code == "ZCGD-001").expect("the first spot");
    assert_eq!((spot.initials.as_str(), spot.lng, spot.lat), ("rmlfqjzjfld", 113.724_035, 33.560_082));
    let road = it.spot_type("ZCGD").expect("roads");
    assert_eq!(road.clauses[0].clause_code, "G01");
    assert_eq!(road.clauses[0].n, Some(10));
    // What a phone decides offline is what the server decides.
    let loaded = app.state.catalogue.get().await.expect("loads");
    for spot in &it.spots {
        for check in &it.spot_type(&spot.spot_type).expect("every spot has a type").clauses {
            let clause = it.clause(&check.clause_code).expect("every check has a clause");
            assert_eq!(it.routing().assign(spot, clause), loaded.routing.assign(spot, clause));
            assert!(loaded.is_checked_at(&spot.spot_type, &clause.code));
        }
    }
}

async fn the_bundle_is_sent_once(app: TestApp) {
    furnish(&app).await;
    let ask = |header: &'static str, value: String| {
        let client = app.inspector();
        let mut request = client.request("GET", "/api/field-bundle?part=catalogue", Body::empty());
        request.headers_mut().insert(header, value.parse().expect("a header"));
        async move { client.send(request).await }
    };
    let plain = app.inspector().get("/api/field-bundle?part=catalogue").await.expect(200);
    let etag = plain.header("etag").expect("an etag").to_owned();
    assert_eq!(plain.header("cache-control"), Some("private, no-cache"));
    let same = ask("if-none-match", etag.clone()).await.expect(304);
    assert!(same.bytes.is_empty());
    assert_eq!(same.header("etag"), Some(etag.as_str()));
    for (encoding, at_most) in [("br", 55_000), ("gzip", 75_000)] {
        let packed = ask("accept-encoding", encoding.to_owned()).await.expect(200);
        assert_eq!(packed.header("content-encoding"), Some(encoding));
        assert_eq!(packed.header("etag"), Some(etag.as_str()));
        assert!(packed.bytes.len() < at_most, "{encoding}: {} bytes", packed.bytes.len());
    }
    // Another process, the same content: the same tag.
    let other = Cache::new(app.state.db.clone()).get().await.expect("loads");
    assert_eq!(other.encoded().await.expect("encodes").etag, etag);
    // Something changes: another tag.
    let operator = Operator::for_tests();
    let mut tx = app.state.db.begin().await.expect("begins");
    let policy = Policy { recurrence_days: 31, ..Policy::default() };
    setting::update_policy(&mut tx, &Granted::to_operator(&operator), &policy).await.expect("settled");
    setting::move_version_on(&mut tx, &Granted::to_operator(&operator)).await.expect("moved");
    tx.commit().await.expect("kept");
    app.state.catalogue.forget();
    let changed = ask("if-none-match", etag.clone()).await.expect(200);
    assert_ne!(changed.header("etag"), Some(etag.as_str()));
}

async fn whoever_is_not_signed_in_gets_nothing(app: TestApp) {
    for path in [
        "/api/field-bundle",
        "/api/units",
        "/api/areas",
        "/api/spot-types",
        "/api/clauses",
        "/api/spots",
        "/api/routing-rules",
        "/api/routing/assignment?spot=A&clause=B",
        "/api/routing/simulation",
    ] {
        app.anonymous().get(path).await.expect(401).problem(Code::NotSignedIn);
        let reply = app.inspector().send(app.inspector().request("POST", path, Body::empty())).await;
        reply.expect(405).problem(Code::MethodNotAllowed);
    }
}

async fn things_are_found_and_paged(app: TestApp) {
    furnish(&app).await;
    let client = app.liaison();
    let spots: Page<Spot> = client.get("/api/spots?q=RMLFQ").await.expect(200).json();
    assert_eq!(spots.items.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["ZCGD-001"]);
    // 教育 in a unit's name, percent-encoded as browsers send it.
    let units: Page<Unit> = client.get("/api/units?q=%E6%95%99%E8%82%B2").await.expect(200).json();
    assert_eq!(units.items.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["JYJ"]);
    let types: Page<SpotType> = client.get("/api/spot-types?q=nmsc").await.expect(200).json();
    assert_eq!(types.items.len(), 1);
    let areas: Page<Area> = client.get("/api/areas").await.expect(200).json();
    assert_eq!(areas.items.len(), 7);
    let rules: Page<RoutingRule> = client.get("/api/routing-rules?q=SYDJ-003").await.expect(200).json();
    assert_eq!(rules.items.len(), 2);

    let mut codes = Vec::new();
    let mut path = "/api/spots?limit=100".to_owned();
    loop {
        let page: Page<Spot> = client.get(&path).await.expect(200).json();
        codes.extend(page.items.into_iter().map(|spot| spot.code));
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/api/spots?limit=100&cursor={cursor}");
    }
    let mut sorted = codes.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((codes.len(), &codes), (248, &sorted));
    // Text of any kind is only searched for.
    let hostile = "/api/clauses?q=%27%3B%20drop%20table%20clause%3B--%3Cscript%3E";
    assert_eq!(client.get(hostile).await.expect(200).json::<Page<serde_json::Value>>().items.len(), 0);
}

/// The codes of what a list of the catalogue finds.
async fn codes(client: &Client, list: &str, asked: &str) -> Vec<String> {
    let page = client.get(&format!("/api/{list}?limit=200&q={}", encoded(asked))).await.expect(200).value();
    let items = page["items"].as_array().expect("items").iter();
    items.map(|it| it["code"].as_str().expect("a code").to_owned()).collect()
}

async fn words_pinyin_and_everyday_names_are_found(app: TestApp) {
    furnish(&app).await;
    let client = app.liaison();
    for (list, asked, expected) in [
        ("spots", "市场 城东", "NMSC-001"),
        ("spots", "农贸　城东街道", "NMSC-001"),
        ("spots", "ＮＭＳＣ－００１", "NMSC-001"),
        ("spots", "cdnmsc", "NMSC-001"),
        ("spots", "chengdongnong", "NMSC-001"),
        ("spots", "cheng nmsc 和平路", "NMSC-001"),
        ("spots", "和平路990号", "NMSC-001"),
        ("units", "城管", "ZFJ"),
        ("units", "住建", "ZJJ"),
        ("units", "交警", "JJDD"),
        ("units", "cg", "ZFJ"),
        ("units", "zjj", "ZJJ"),
        ("units", "jiaojing", "JJDD"),
        ("units", "shengtaihuanjing", "STJ"),
        ("spot-types", "nongji", "NMSC"),
        ("areas", "chdong", "CDJD"),
    ] {
        let found = codes(&client, list, asked).await;
        assert!(found.iter().any(|code| code == expected), "{list} {asked}: {found:?}");
    }
    for (list, asked) in
        [("spots", "东城市场"), ("spots", "市场 城东 银行"), ("units", "城管 交警"), ("spots", "ongdong")]
    {
        assert_eq!(codes(&client, list, asked).await, [""; 0], "{list} {asked}");
    }
    let clauses = codes(&client, "clauses", "gongyiguanggao").await;
    assert!(!clauses.is_empty());
    for code in codes(&client, "clauses", "gygg").await {
        assert!(clauses.contains(&code), "{code}");
    }
    // What a phone is sent says how it is read.
    let bundle: FieldBundle = client.get("/api/field-bundle").await.expect(200).json();
    let spot = bundle.catalogue.spots.iter().find(|it| it.code == "NMSC-001").expect("there");
    assert_eq!(spot.pinyin, "cheng dong nong mao shi chang");
    let unit = bundle.catalogue.units.iter().find(|it| it.code == "ZFJ").expect("there");
    assert!(
        unit.aliases.iter().any(|it| it == "城管") && unit.pinyin.ends_with("zhi fa ju"),
        "{}",
        unit.pinyin
    );
    assert!(bundle.catalogue.clauses.iter().all(|it| !it.pinyin.is_empty()));
}

async fn polyphones_are_read_by_their_phrases(app: TestApp) {
    furnish(&app).await;
    let (operator, mut expected) = (Operator::for_tests(), Vec::new());
    let head = "code,name,type,area_code,address,lng,lat,lead_unit,territory_unit,operator_unit,head,hours\n";
    let mut rows = head.to_owned();
    for (number, (name, asked)) in [
        ("建设银行青岚支行", "jsyhqlzh"),
        ("重庆路小学", "cqlxx"),
        ("长途汽车站旁", "ctqcz"),
        ("会计学校", "kuaiji"),
        ("音乐广场", "yygc"),
        ("人民大厦", "dasha"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = format!("NMSC-7{number:02}");
        rows += &format!("{code},{name},NMSC,CDJD,,113.73,33.56,,CDJD,,,\n");
        expected.push((asked, code));
    }
    let files = std::collections::BTreeMap::from([("spots.csv".to_owned(), rows.into_bytes())]);
    let (catalogue, users) = (Granted::to_operator(&operator), Granted::to_operator(&operator));
    import::apply(&app.state, &import::read_files(files), &catalogue, &users).await.expect("taken");
    for (asked, code) in expected {
        let found = codes(&app.inspector(), "spots", asked).await;
        assert!(found.contains(&code), "{asked}: {found:?}");
    }
}

async fn what_cannot_be_asked_is_refused(app: TestApp) {
    let client = app.manager();
    for (query, code, field) in [
        ("colour=red", Code::UnknownParameter, Some(("colour", FieldCode::Unknown))),
        ("limit=0", Code::InvalidParameter, Some(("limit", FieldCode::OutOfRange))),
        ("limit=201", Code::InvalidParameter, Some(("limit", FieldCode::OutOfRange))),
        ("limit=many", Code::InvalidParameter, Some(("limit", FieldCode::Invalid))),
        ("cursor=made-up", Code::InvalidCursor, None),
        ("cursor=..%2F..%2Fetc", Code::InvalidCursor, None),
    ] {
        for list in ["units", "areas", "spot-types", "clauses", "spots", "routing-rules"] {
            let problem = client.get(&format!("/api/{list}?{query}")).await.expect(400).problem(code);
            let found = problem.fields.first().map(|it| (it.field.as_str(), it.code));
            assert_eq!(found, field, "{list}?{query}");
        }
    }
    let long = format!("/api/spots?q={}", "x".repeat(101));
    client.get(&long).await.expect(400).problem(Code::InvalidParameter);
    client.get("/api/routing/assignment?spot=A").await.expect(400).problem(Code::InvalidParameter);
}

async fn an_assignment_says_why(app: TestApp) {
    furnish(&app).await;
    let client = app.inspector();
    let path = "/api/routing/assignment?spot=SYDJ-003&clause=G16";
    let answer: AssignmentAnswer = client.get(path).await.expect(200).json();
    assert!(answer.is_checked);
    assert_eq!(answer.unit.expect("a unit").code, "BHJD");
    assert!(matches!(answer.assignment.way, Way::SpotClause { .. }));
    assert!(answer.assignment.beaten.iter().all(|tried| tried.why != Beaten::UnitClosed));
    assert!(!answer.assignment.beaten.is_empty());

    for (query, field) in [("spot=NONE-001&clause=G16", "spot"), ("spot=SYDJ-003&clause=NONE", "clause")] {
        let reply = client.get(&format!("/api/routing/assignment?{query}")).await.expect(404);
        assert_eq!(reply.problem(Code::NotFound).fields[0].field, field);
    }
}

async fn the_simulation_finds_what_never_wins_and_what_nothing_reaches(app: TestApp) {
    furnish(&app).await;
    let simulation: Simulation = app.manager().get("/api/routing/simulation").await.expect(200).json();
    assert_eq!(simulation.never_win.len(), 2);
    assert_eq!(simulation.unreached.iter().map(|it| it.clause_codes.len()).sum::<usize>(), 10);
    assert_eq!(simulation.by_way.iter().map(|it| it.pairs).sum::<u32>(), simulation.pairs);
    for client in [app.inspector(), app.liaison()] {
        client.get("/api/routing/simulation").await.expect(403).problem(Code::Forbidden);
    }
}

async fn a_change_is_seen_and_otherwise_nothing_is_read(app: TestApp) {
    let elsewhere = Cache::new(app.state.db.clone());
    assert_eq!(elsewhere.get().await.expect("loads").version, 0);
    furnish(&app).await;
    let before = app.state.catalogue.get().await.expect("loads");
    assert_eq!((before.version, before.bundle.catalogue.units.len()), (1, 48));
    let statements = app.state.db.statements();
    for _ in 0..100 {
        app.state.catalogue.get().await.expect("held");
    }
    assert_eq!(app.state.db.statements(), statements);
    // A hundred requests at once after a change load it once.
    app.state.catalogue.forget();
    let gets = (0..100).map(|_| {
        let cache = app.state.catalogue.clone();
        tokio::spawn(async move { cache.get().await.expect("loads").version })
    });
    for get in gets.collect::<Vec<_>>() {
        assert_eq!(get.await.expect("no panic"), 1);
    }
    let cost = app.state.db.statements() - statements;
    assert!(cost <= 12, "{cost} statements for one load");
    elsewhere.forget();
    assert_eq!(elsewhere.get().await.expect("loads").version, 1);
}

async fn settings_are_kept(app: TestApp) {
    let operator = Operator::for_tests();
    let granted = Granted::to_operator(&operator);
    let hours: WorkingHours = "09:00-12:00,13:00-17:30".parse().expect("hours");
    let policy = Policy { reading: Reading::EndOfDay, ..Policy::default() };
    let calendar = Calendar::parse(r#"{"version":"ours","years":[]}"#).expect("a calendar");
    let mut tx = app.state.db.begin().await.expect("begins");
    setting::update_working_hours(&mut tx, &granted, &hours).await.expect("settled");
    setting::update_policy(&mut tx, &granted, &policy).await.expect("settled");
    for _ in 0..2 {
        setting::update_calendar(&mut tx, &granted, &calendar, app.state.clock.now()).await.expect("settled");
        setting::move_version_on(&mut tx, &granted).await.expect("moved");
    }
    tx.commit().await.expect("kept");
    let loaded = app.state.catalogue.get().await.expect("loads");
    assert_eq!(loaded.version, 2);
    assert_eq!(loaded.bundle.working_time.hours, hours);
    assert_eq!(loaded.bundle.working_time.calendar, calendar);
    assert_eq!(loaded.bundle.policy, policy);
}
