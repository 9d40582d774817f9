//! Bad rows are named by line, column and reason, and stop nothing else.

use serde_json::{Value, json};

use crate::{
    database::{Db, on_both},
    import::{MEMBERS, import},
};

/// Line, column and code of each error.
fn places(report: &Value) -> Vec<(u64, String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    report["errors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|error| {
            assert!(!text(&error["message"]).is_empty());
            (error["line"].as_u64().expect("a line"), text(&error["column"]), text(&error["code"]))
        })
        .collect()
}

/// Rows, and what each is refused for: its column and code; `None` is a good one.
fn table(
    header: &str,
    rows: &[(&str, Option<(&str, &str)>)],
    end: &str,
) -> (String, Vec<(u64, String, String)>) {
    let (mut text, mut expected) = (header.trim_end().to_owned() + end, Vec::new());
    for (row, fault) in rows {
        let line = text.matches('\n').count() as u64 + 1;
        if let Some((column, code)) = fault {
            expected.push((line, (*column).to_owned(), (*code).to_owned()));
        }
        text += row;
        text += end;
    }
    (text, expected)
}

const INVALID: &str = "invalid_request";

on_both!(members);
async fn members(db: Db) {
    let bad = |column: &'static str| Some((column, INVALID));
    let rows: &[(&str, Option<(&str, &str)>)] = &[
        ("a,anna@example.com,Anna,,,,,,,", None),
        ("b,anna,Bo,,,,,,,", bad("email")),
        ("b,\"bo@example.com\nBcc: x@example.com\",Bo,,,,,,,", bad("email")),
        ("b,,Bo,,,,,,,", bad("email")),
        (",bo@example.com,Bo,,,,,,,", bad("external_id")),
        ("b,bo@example.com,,,,,,,,", bad("given_name")),
        ("b,bo@example.com,\"Bo\nBo\",,,,,,,", bad("given_name")),
        ("b,bo@example.com,Bo,,in Klingon!,,,,,", bad("locale")),
        ("b,bo@example.com,Bo,,,Mars/Olympus,,,,", bad("time_zone")),
        ("b,bo@example.com,Bo,,,,Iceland,,,", bad("country")),
        ("b,bo@example.com,Bo,,,,,02-30,,", bad("birthday")),
        ("b,bo@example.com,Bo,,,,,1990-13-01,,", bad("birthday")),
        ("b,bo@example.com,Bo,,,,,,yesterday,", bad("enrolled_at")),
        ("b,bo@example.com,Bo,,,,,,2999-01-01,", bad("enrolled_at")),
        ("b,bo@example.com,Bo,,,,,,20200101,", bad("enrolled_at")),
        ("b,bo@example.com,Bo,,,,,,,perhaps", bad("marketing_consent")),
        ("b,ANNA@example.com,Bo,,,,,,,", Some(("email", "email_taken"))),
        ("a,other@example.com,Anna,,,,,,,", Some(("external_id", "external_id_conflict"))),
        ("b,bo@example.com,Bo", bad("")),
        ("b,bo@example.com,Bo,,,,,,,,,", bad("")),
        ("c,carl@example.com,Carl,,,,,,,true", None),
    ];
    let (text, expected) = table(MEMBERS, rows, "\n");
    let file = db.file("members.csv", text);
    let report = import(&db, &["members", &file], 1);
    assert_eq!(places(&report), expected, "{report:#}");
    assert_eq!(report["imported"], 2);
    assert_eq!(db.count("members"), 2);
    let told = db.vildar(&["import", "members", &file]).expect(1);
    assert!(told.out.contains("line 3, email: "), "{told:?}");
    assert!(told.out.ends_with("0 imported, 2 already there, 19 refused\n"), "{told:?}");
    db.vildar(&["verify"]).expect(0);
}

const ORDERS: &str = "external_id,member_external_id,placed_at,amount,currency,channel\n";

on_both!(orders);
async fn orders(db: Db) {
    let anna = db.file("members.csv", format!("{MEMBERS}a,anna@example.com,Anna,,,,,,,\n"));
    import(&db, &["members", &anna], 0);
    let bad = |column: &'static str| Some((column, INVALID));
    let rows: &[(&str, Option<(&str, &str)>)] = &[
        ("1,a,2026-01-01,100,EUR,", None),
        ("2,a,2026-01-01,19.99,EUR,", bad("amount")),
        ("2,a,2026-01-01,-5,EUR,", bad("amount")),
        ("2,a,2026-01-01,+5,EUR,", bad("amount")),
        ("2,a,2026-01-01,1e3,EUR,", bad("amount")),
        ("2,a,2026-01-01,,EUR,", bad("amount")),
        ("2,a,2026-01-01,99999999999999999999999,EUR,", bad("amount")),
        ("2,a,2026-01-01,9223372036854775807,EUR,", bad("amount")),
        ("2,a,2026-01-01,100,USD,", bad("currency")),
        ("2,a,2026-01-01,100,EURO,", bad("currency")),
        ("2,a,2026-01-01,100,,", bad("currency")),
        ("2,zoe,2026-01-01,100,EUR,", Some(("member_external_id", "not_found"))),
        ("2,,2026-01-01,100,EUR,", bad("member_external_id")),
        ("2,a,2999-01-01,100,EUR,", bad("placed_at")),
        ("2,a,,100,EUR,", bad("placed_at")),
        ("2,a,2026-02-30,100,EUR,", bad("placed_at")),
        ("2,a,01/02/2026,100,EUR,", bad("placed_at")),
        ("2,a,2026-01-01T12:00:00,100,EUR,", bad("placed_at")),
        (",a,2026-01-01,100,EUR,", bad("external_id")),
        ("\"2\n2\",a,2026-01-01,100,EUR,", bad("external_id")),
        ("2,a,2026-01-01,100,EUR,\"a\nb\"", bad("channel")),
        ("1,a,2026-01-01,101,EUR,", Some(("external_id", "external_id_conflict"))),
        ("2,a,2026-01-01,100", bad("")),
        ("2,a,2026-01-01,100,EUR,,,", bad("")),
        ("2,a,2026-01-01,\"0\",EUR,till", None),
        ("3, a ,2026-01-01, 700 ,EUR,", None),
        ("1,a,2026-01-01,100,EUR,", None),
    ];
    for (name, start, end) in
        [("lf", "", "\n"), ("crlf", "", "\r\n"), ("bom", "\u{feff}", "\n"), ("gaps", "", "\n\n")]
    {
        let (text, expected) = table(ORDERS, rows, end);
        let file = db.file("orders.csv", format!("{start}{text}"));
        let report = import(&db, &["orders", &file], 1);
        assert_eq!(places(&report), expected, "{name}: {report:#}");
        let (imported, there) = if name == "lf" { (3, 1) } else { (0, 4) };
        assert_eq!(
            (&report["imported"], &report["already_there"]),
            (&json!(imported), &json!(there))
        );
    }
    assert_eq!((db.count("orders"), db.count("letters")), (3, 0));

    // bytes that are no text
    let mut text = ORDERS.as_bytes().to_vec();
    text.extend(
        b"4,a,2026-01-01,100,EUR,till\n5,a,2026-01-01,100,EUR,caf\xe9\n6,a,2026-01-01,1,EUR,\n",
    );
    let report = import(&db, &["orders", &db.file("latin.csv", text)], 1);
    assert_eq!(places(&report), [(3, "channel".to_owned(), INVALID.to_owned())]);
    assert_eq!(report["imported"], 2);

    // a quote that never ends swallows the rest, and says so at its line
    let text = format!(
        "{ORDERS}7,a,2026-01-01,100,EUR,\n8,\"a,2026-01-01,100,EUR,\n9,a,2026-01-01,1,EUR,\n"
    );
    let report = import(&db, &["orders", &db.file("quote.csv", text)], 1);
    assert_eq!(report["errors"][0]["line"], 3, "{report}");
    assert_eq!(report["imported"], 1);
    db.vildar(&["verify"]).expect(0);
}
