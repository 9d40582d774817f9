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
        // what the API refuses
        ("b,bo@127.0.0.1,Bo,,,,,,,", bad("email")),
        ("b,bo@１２７.0.0.1,Bo,,,,,,,", bad("email")),
        ("b,😀@example.com,Bo,,,,,,,", bad("email")),
        ("b,bo@example.com,Bo,,,posixrules,,,,", bad("time_zone")),
        ("b,bo@example.com,Bo,,,,XX,,,", bad("country")),
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
    assert!(told.out.ends_with("0 imported, 2 already there, 24 refused\n"), "{told:?}");
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

    db.vildar(&["verify"]).expect(0);
}

/// Line, column and message of each error.
fn told(report: &Value) -> Vec<(u64, &str, &str)> {
    let errors = report["errors"].as_array().expect("a list").iter();
    errors
        .map(|error| {
            let [column, message] =
                ["column", "message"].map(|field| error[field].as_str().expect("a text"));
            (error["line"].as_u64().expect("a line"), column, message)
        })
        .collect()
}

/// A file, how many of its rows are imported, and what is told of the others.
type Case<'a> = (String, u64, Vec<(u64, &'a str, &'a str)>);

on_both!(a_quote_that_is_never_closed_is_told_with_what_it_takes);
async fn a_quote_that_is_never_closed_is_told_with_what_it_takes(db: Db) {
    let anna = db.file("members.csv", format!("{MEMBERS}a,anna@example.com,Anna,,,,,,,\n"));
    import(&db, &["members", &anna], 0);
    let row = |number: usize| format!("{number},a,2026-01-01,100,EUR,\n");
    let rows = |numbers: std::ops::Range<usize>| numbers.map(row).collect::<String>();
    let cases: [Case<'_>; 6] = [
        (
            format!("{ORDERS}{}10,\"a,2026-01-01,100,EUR,\n{}", rows(0..1), rows(11..13)),
            1,
            vec![(
                3,
                "member_external_id",
                "a quote opens in line 3 and is never closed: 2 lines, 4 to 5, are taken for a part of the value, and not imported",
            )],
        ),
        // in the last column, so that the number of values is right
        (
            format!("{ORDERS}20,a,2026-01-01,100,EUR,\"till\n{}", rows(21..22)),
            0,
            vec![(
                2,
                "channel",
                "a quote opens in line 2 and is never closed: line 3 is taken for a part of the value, and not imported",
            )],
        ),
        (
            format!("{ORDERS}{}30,a,2026-01-01,100,EUR,\"till", rows(31..33)),
            2,
            vec![(4, "channel", "a quote opens in line 4 and is never closed: no line follows it")],
        ),
        // behind one that is closed, in a later line of the same row
        (
            format!("{ORDERS}\"40\n\",\"a,2026-01-01\n{}", rows(41..42)),
            0,
            vec![(
                2,
                "member_external_id",
                "a quote opens in line 3 and is never closed: line 4 is taken for a part of the value, and not imported",
            )],
        ),
        // a quote that another row closes
        (
            format!(
                "{ORDERS}50,a,2026-01-01,100,EUR,\"till\n{}51,a,2026-01-01,100,EUR,\"web\"\n{}",
                rows(52..53),
                rows(53..54)
            ),
            1,
            vec![(
                2,
                "channel",
                "must have at most 50 characters (quotes make lines 2 to 4 one row; none of them is imported)",
            )],
        ),
        (
            format!(
                "\u{feff}{ORDERS}60,\"a,2026-01-01\n{}61,\"a\",2026-01-01,100,EUR,,\n",
                rows(62..63)
            ),
            0,
            vec![(
                2,
                "",
                "has 7 values where the header has 6 columns (quotes make lines 2 to 4 one row; none of them is imported)",
            )],
        ),
    ];
    for (file, imported, expected) in cases {
        let report = import(&db, &["orders", &db.file("quote.csv", &file)], 1);
        assert_eq!(told(&report), expected, "{file}");
        assert_eq!(report["imported"], imported, "{file}");
    }
    // however much it takes
    let many = format!("{ORDERS}70,\"a,2026-01-01,100,EUR,\n{}", rows(100_000..200_000));
    let report = import(&db, &["orders", &db.file("many.csv", many)], 1);
    let (_, _, message) = told(&report)[0];
    assert!(message.contains("100000 lines, 3 to 100002"), "{message}");
    let header = db.file("header.csv", "external_id,\"email\na,anna@example.com\n");
    let ended = db.vildar(&["import", "members", &header]).expect(1);
    assert!(ended.err.contains("line 1: a quote opens"), "{ended:?}");
    db.vildar(&["verify"]).expect(0);
}

on_both!(all_that_is_wrong_with_a_row_is_told);
async fn all_that_is_wrong_with_a_row_is_told(db: Db) {
    let anna = format!(
        "{MEMBERS}a,anna@example.com,Anna,,,,,,,\n\
         b,anna@example.com,,,Klingon!,Mars/Olympus,Iceland,02-30,1650-01-01,perhaps\n\
         ,bo,Bo,,,,,2999-01-01,2999-01-01,\n"
    );
    let report = import(&db, &["members", &db.file("members.csv", anna)], 1);
    assert_eq!((&report["imported"], &report["refused"]), (&json!(1), &json!(2)));
    let columns: Vec<(u64, &str)> =
        told(&report).into_iter().map(|(line, column, _)| (line, column)).collect();
    let expected = [
        (3, "given_name"),
        (3, "locale"),
        (3, "time_zone"),
        (3, "country"),
        (3, "birthday"),
        (3, "enrolled_at"),
        (3, "marketing_consent"),
        (3, "email"),
        (4, "external_id"),
        (4, "email"),
        (4, "birthday"),
        (4, "enrolled_at"),
    ];
    assert_eq!(columns, expected, "{report:#}");
    let message = |column: &str| {
        told(&report).iter().find(|error| error.1 == column).expect("an error").2.to_owned()
    };
    assert!(message("enrolled_at").starts_with("is in the year 1650"), "{report:#}");

    let orders = format!(
        "{ORDERS}1,a,2026-01-01,100,EUR,\n\
         ,zoe,2026-02-30,19.99,USD,\"a\nb\"\n\
         3,zoe,2999-01-01,100,USD,\n\
         4,a,2999-01-01,100,USD,\n"
    );
    let report = import(&db, &["orders", &db.file("orders.csv", orders)], 1);
    assert_eq!((&report["imported"], &report["refused"]), (&json!(1), &json!(3)));
    let columns: Vec<(u64, &str)> =
        told(&report).into_iter().map(|(line, column, _)| (line, column)).collect();
    let expected = [
        (3, "external_id"),
        (3, "placed_at"),
        (3, "amount"),
        (3, "channel"),
        (3, "member_external_id"),
        (3, "currency"),
        (5, "member_external_id"),
        (5, "currency"),
        (5, "placed_at"),
        (6, "currency"),
        (6, "placed_at"),
    ];
    assert_eq!(columns, expected, "{report:#}");
}
