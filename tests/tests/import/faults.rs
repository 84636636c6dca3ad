//! What cannot be imported, and the words it is refused with.

use crate::{AREAS, CHECKS, CLAUSES, RULES, SPOTS, TYPES, UNITS, USERS, files, lines, refuse, small, take};
use std::collections::BTreeMap;
use tests::{TestApp, on_both_engines};

on_both_engines!(every_fault_is_named);

/// Files, and what is said of them.
type Case = (BTreeMap<String, Vec<u8>>, Vec<&'static str>);

async fn every_fault_is_named(app: TestApp) {
    take(&app, small()).await;
    let one = |name: &str, header: &str, rows: &str| files(&[(name, header, rows)]);
    let long = format!("Z,{},短,组,\n", "长".repeat(61));
    let cases: Vec<Case> = vec![
        (
            one(
                "spots.csv",
                SPOTS,
                "T-002,西,T,X1,,181,x,,,,,\n\n\r\nT-003,\"北\n门\",T,X1,,1,NaN,Q,,,,8-9\n",
            ),
            vec![
                "spots.csv:2: lng: \"181\" is not a number of degrees like 113.733556",
                "spots.csv:2: lat: \"x\" is not a number of degrees like 113.733556",
                "spots.csv:5: lat: \"NaN\" is not a number of degrees like 113.733556",
                "spots.csv:5: hours: \"8\" is not a time of day like 08:00",
            ],
        ),
        (
            one("spots.csv", SPOTS, "T-002,西,NO,X9,,113.7,33.5,Q,,,,\n"),
            vec![
                "spots.csv:2: type: no spot type has the code NO",
                "spots.csv:2: lead_unit: no unit has the code Q",
                "spots.csv:2: area_code: no area has the code X9",
            ],
        ),
        (
            one("units.csv", UNITS, "c d,名,短,组,\n,,,,\nC,,短,组,Q\nE,名,短2,组,E\nE,名,短3,组,\n"),
            vec![
                "units.csv:2: code: \"c d\" is not a code: 1 to 32 of A–Z, 0–9 and -",
                "units.csv:4: short_name: 短 stands in line 2 already",
                "units.csv:4: name: required",
                "units.csv:5: name: 名 stands in line 2 already",
                "units.csv:6: code: E stands in line 5 already",
                "units.csv:6: name: 名 stands in line 2 already",
            ],
        ),
        (
            one("units.csv", UNITS, "Y,一,一,组,Z\nZ,二,二,组,Y\n"),
            vec![
                "units.csv:2: parent_code: a unit cannot stand above itself",
                "units.csv:3: parent_code: a unit cannot stand above itself",
            ],
        ),
        (
            one("areas.csv", AREAS, "X,县,X1,\n"),
            vec!["areas.csv:2: parent_code: an area cannot lie inside itself"],
        ),
        (one("units.csv", UNITS, &long), vec!["units.csv:2: name: 61 characters, at most 60 are taken"]),
        (one("units.csv", UNITS, "Z,名\u{0},短,组,\n"), vec!["units.csv:2: name: holds a control character"]),
        (one("units.csv", UNITS, "Z,名,短\n"), vec!["units.csv:2: group: required"]),
        (one("units.csv", UNITS, "Z,名,短,组,,多\n"), vec!["units.csv:2: 6 fields instead of 5"]),
        (
            one("units.csv", "code,name,=A1,group,parent_code\n", ""),
            vec![
                "units.csv:1: field 3: \"=A1\" is a formula; write its value",
                "units.csv:1: short_name: the column is missing (简称)",
            ],
        ),
        (
            one(
                "units.csv",
                "code,name,short_name,group,parent_code,aliases\n",
                "Y,一,一,组,,好;一二三四五六七八九十一二三\n\
                 Z,二,二,组,,名1;名2;名3;名4;名5;名6;名7;名8;名9;名10;名11;名12;名13;名14;名15;名16;名17;名18;名19;名20;名21\n",
            ),
            vec![
                "units.csv:2: aliases: 一二三四五六七八九十一二三 has 13 characters, at most 12 are taken",
                "units.csv:3: aliases: 21 names, at most 20 are taken",
            ],
        ),
        (
            one("units.csv", "code,name,short_name,group,colour,name\n", ""),
            vec![
                "units.csv:1: colour: unknown column; known are code, name, short_name, group, parent_code, aliases, active",
                "units.csv:1: name: stands there twice",
                "units.csv:1: parent_code: the column is missing (上级单位编码)",
            ],
        ),
        (one("units.csv", "", ""), vec!["units.csv: empty: the line with the column names is missing"]),
        (
            one("spot_type_clauses.csv", CHECKS, "T,C1,,\nT,C2,3,\nT,C9,0,\nT,C8,,\n"),
            vec![
                "spot_type_clauses.csv:4: n: \"0\" is not a whole number between 1 and 999",
                "spot_type_clauses.csv:2: n: required: the clause's text holds {n}",
                "spot_type_clauses.csv:3: n: must be empty: the clause's text holds no {n}",
                "spot_type_clauses.csv:5: clause: no clause has the code C8",
            ],
        ),
        (
            one("clauses.csv", CLAUSES, "C3,类,文,法,,thing,owner,B,谁,0,week,bad,maybe\n"),
            vec![
                "clauses.csv:2: category: \"thing\" is not part (部件) or event (事件)",
                "clauses.csv:2: role: \"owner\" is not lead (主管), territory (属地) or operator (管理单位)",
                "clauses.csv:2: limit_value: \"0\" is not a whole number between 1 and 365",
                "clauses.csv:2: limit_kind: \"week\" is not urgent_hour (紧急工作时), work_hour (工作时), work_day (工作日) or calendar_day (自然日)",
                "clauses.csv:2: severity: \"bad\" is not minor (轻微), general (一般) or serious (严重)",
                "clauses.csv:2: hours_sensitive: \"maybe\" is not true (是) or false (否)",
            ],
        ),
        (
            files(&[
                ("clauses.csv", CLAUSES, "C4,类,文,法,,part,,,谁,1,work_day,minor,false\n"),
                (
                    "routing_rules.csv",
                    RULES,
                    "spot_clause,T-001,C4,,,A,\nspot_clause,T-009,C1,,X,A,\nother,,,,,A,\nspot_type_area,,,T,X9,A,\n",
                ),
            ]),
            vec![
                "routing_rules.csv:3: area: must be empty in a rule of this kind",
                "routing_rules.csv:4: kind: \"other\" is not spot_clause (点位和检查项) or spot_type_area (类型和区域)",
                "routing_rules.csv:2: clause: C4 is not checked at spots of type T",
                "routing_rules.csv:5: area: no area has the code X9",
            ],
        ),
        (
            one(
                "users.csv",
                USERS,
                "a b,名,inspector,\nx,名,boss,\ny,名,unit,\nz,名,manager,A\nw,名,unit,A;A\n",
            ),
            vec![
                "users.csv:2: username: not a user name: 1 to 64 letters, digits, '.', '_' or '-'",
                "users.csv:3: role: \"boss\" is not inspector (巡查员), unit (责任单位), manager (创建办) or admin (系统管理员)",
                "users.csv:4: units: required for the role unit",
                "users.csv:5: units: only people of the role unit speak for units",
                "users.csv:6: units: A stands there twice",
            ],
        ),
        (
            one("clauses.csv", CLAUSES, "C5,类,文,法,,,,,谁,,,,\n"),
            vec![
                "clauses.csv:2: category: required",
                "clauses.csv:2: limit_value: required",
                "clauses.csv:2: limit_kind: required",
                "clauses.csv:2: severity: required",
                "clauses.csv:2: hours_sensitive: required",
            ],
        ),
        (
            one("users.csv", USERS, ",,,A\n"),
            vec![
                "users.csv:2: username: required",
                "users.csv:2: name: required",
                "users.csv:2: role: required",
            ],
        ),
        (
            one("units.csv", UNITS, &",".repeat(5_000_000)),
            vec!["units.csv: 5000005 commas and line ends; at most 4000000 are taken"],
        ),
        (
            files(&[("units.csv", UNITS, ""), ("units.json", "", "[]")]),
            vec!["units.json: units.csv is there too; which of them is meant?"],
        ),
        (
            one("units.json", "", r#"[3,{"code":"Z","name":{},"colour":1}]"#),
            vec![
                "units.json[0]: not an object",
                "units.json[1]: colour: unknown key; known are code, name, short_name, group, parent_code, aliases, active",
                "units.json[1]: name: neither text, number, true, false nor a list of texts",
            ],
        ),
        (
            one("calendar.json", "", r#"{"years":[{"year":2027,"off":["2026-01-01"],"work":[]}]}"#),
            vec!["calendar.json: the year 2027 lists 2026-01-01, which lies outside it"],
        ),
    ];
    for (files, expected) in cases {
        let shown = format!("{:?}", files.keys());
        assert_eq!(lines(&refuse(&app, files).await), expected, "{shown}");
    }
    // An open quotation mark, whatever it swallowed.
    let open = refuse(&app, one("spot_types.csv", TYPES, "U,街,,,A,\"沿街\nV,巷,,,A,\n")).await;
    assert!(lines(&open)[0].contains(":2: "), "{:?}", lines(&open));
    assert!(lines(&open).iter().any(|line| line.contains("a quotation mark is not closed")));
    // Neither GBK nor anything else: 单位 is B5 A5 CE BB.
    let mut neither = UNITS.as_bytes().to_vec();
    neither.extend(b"Z,\xB5\xA5\xCE\xBB,x,y,\nW,\xFF\xFF,x,y,\n");
    let bad = refuse(&app, BTreeMap::from([("units.csv".to_owned(), neither)])).await;
    assert_eq!(lines(&bad), ["units.csv:2: neither UTF-8 nor GBK; save the file as “CSV UTF-8”"]);
    let cut = BTreeMap::from([("units.csv".to_owned(), b"\xFF\xFEc\0x".to_vec())]);
    assert_eq!(
        lines(&refuse(&app, cut).await),
        ["units.csv:1: UTF-16 that is damaged; save the file as “CSV UTF-8”"]
    );
    // Many: the first two hundred in words, all of them counted.
    let many = refuse(&app, one("users.csv", USERS, &",,,x\n".repeat(300))).await;
    assert_eq!((many.lines().len(), many.count()), (200, 900));
    assert_eq!(many.headline(), "900 faults found, of which 200 are listed");
}
