//! The register of what is known of a person, held against the tables of both databases.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    RunQueryDsl,
    sql_types::{BigInt, Text},
};
use platform::db::{personal::Fate, types::RawId};
use program::{
    register::PARTS,
    thanks::{Deed, DeedType, Owed, ThanksCategory, service},
};
use serde_json::json;

use crate::support::{
    app::TestApp,
    both::{Which, both},
};

/// A column of a table, and its type.
#[derive(diesel::QueryableByName)]
pub struct Column {
    #[diesel(sql_type = Text)]
    pub in_table: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    data_type: String,
}

impl Column {
    /// Numbers, times, switches and a row's own id tell of nobody by themselves.
    fn needs_a_word(&self) -> bool {
        let says_nothing = ["INTEGER", "bigint", "smallint", "boolean", "timestamp with time zone"];
        self.name != "id" && !says_nothing.contains(&&*self.data_type)
    }
}

/// All columns that the database has.
pub async fn columns(app: &TestApp) -> Vec<Column> {
    let query = match app.which {
        Which::Sqlite => {
            "SELECT t.name AS in_table, c.name AS name, c.type AS data_type \
             FROM sqlite_master t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' \
             AND t.name <> '__diesel_schema_migrations' ORDER BY t.name, c.cid"
        }
        Which::Postgres => {
            "SELECT table_name::text AS in_table, column_name::text AS name, data_type::text \
             FROM information_schema.columns WHERE table_schema = 'public' \
             AND table_name <> '__diesel_schema_migrations' \
             ORDER BY table_name, ordinal_position"
        }
    };
    let columns = app.store().read(move |tx| Ok(diesel::sql_query(query).load(tx.conn)?));
    columns.await.expect("the columns")
}

/// What the register says, `table.column`; nothing may be said twice.
fn registered() -> BTreeMap<String, Fate> {
    let mut fates = BTreeMap::new();
    for (table, columns) in PARTS.iter().flat_map(|part| part.tables) {
        for (column, fate) in *columns {
            let before = fates.insert(format!("{table}.{column}"), *fate);
            assert_eq!(before, None, "two parts answer for {table}.{column}");
        }
    }
    fates
}

both!(every_column_is_somebodys_part);
async fn every_column_is_somebodys_part(app: &TestApp) {
    let registered = registered();
    let needed: BTreeSet<String> = (columns(app).await.iter())
        .filter(|column| column.needs_a_word())
        .map(|column| format!("{}.{}", column.in_table, column.name))
        .collect();
    assert!(needed.len() > 80, "{needed:?}");
    let nobodys: Vec<&String> =
        needed.iter().filter(|column| !registered.contains_key(*column)).collect();
    let empty: [&String; 0] = [];
    assert_eq!(nobodys, empty, "say in a domain's `personal.rs` what becomes of them at erasure");
    let gone: Vec<&String> = registered.keys().filter(|column| !needed.contains(*column)).collect();
    assert_eq!(gone, empty, "a part names columns that are not there, or need no word");
}

#[test]
fn what_an_export_tells_has_names_of_its_own() {
    let facts = PARTS.iter().flat_map(|part| part.facts).map(|fact| fact.name);
    let lists = PARTS.iter().flat_map(|part| part.lists).map(|list| list.name);
    let mut names = BTreeSet::from(["exported_at"]);
    for name in facts.chain(lists) {
        assert!(names.insert(name), "{name} is told twice");
    }
}

#[derive(diesel::QueryableByName)]
struct Rows {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// What a query counts as `rows`.
pub async fn count(app: &TestApp, query: String) -> i64 {
    let rows = app.store().read(move |tx| Ok(diesel::sql_query(query).get_result(tx.conn)?));
    let Rows { rows } = rows.await.expect("a count");
    rows
}

/// The columns in which a word stands, in whatever row.
async fn columns_with(app: &TestApp, word: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for column in columns(app).await.iter().filter(|column| column.needs_a_word()) {
        let Column { in_table: table, name, data_type } = column;
        let text = match (app.which, data_type.as_str()) {
            (Which::Postgres, "bytea") => format!("encode({name}, 'escape')"),
            _ => format!("CAST({name} AS TEXT)"),
        };
        let query =
            format!("SELECT count(*) AS rows FROM {table} WHERE lower({text}) LIKE '%{word}%'");
        if count(app, query).await > 0 {
            found.insert(format!("{table}.{name}"));
        }
    }
    found
}

both!(a_persons_words_stand_where_they_go_and_go);
async fn a_persons_words_stand_where_they_go_and_go(app: &TestApp) {
    let (shop, staff, anyone) = (app.storefront().await, app.staff().await, app.anyone());
    let email = "zoe-qux@example.com";
    let person = json!({
        "email": email, "given_name": "Zoequx", "family_name": "Quirkqux",
        "external_id": "c-qux", "birthday": "02-29", "country": "IS",
    });
    let id = shop.post_keyed("/v1/members", "zoe", person).await.expect(201)["id"].clone();
    let path = format!("/v1/members/{}", id.as_str().expect("an id"));
    let again = json!({"email": email, "given_name": "Zoequx", "password": "long enough"});
    anyone.post("/v1/members", again).await.expect(202);
    let earn = json!({"kind": "earn", "points": 5, "reason": "because of qux"});
    shop.post(&format!("{path}/entries"), earn).await.expect(201);
    let order = json!({
        "external_id": "A-1", "member_id": id, "total": {"amount": 99, "currency": "EUR"},
        "lines": [{"sku": "ring of qux"}],
    });
    shop.post("/v1/orders", order).await.expect(201);
    for step in ["suspend", "reinstate"] {
        staff.post(&format!("{path}/{step}"), json!({"reason": "qux"})).await.expect(200);
    }
    let perk = json!({
        "member_id": id, "kind": "points", "points": 5, "title": "Thank you, Zoequx",
        "reason": "qux", "message": "Dear qux", "send_letter": true,
    });
    let perk = staff.post("/v1/perks", perk).await.expect(201);
    let revoke = format!("/v1/perks/{}/revoke", perk["id"].as_str().expect("an id"));
    staff.post_keyed(&revoke, "zoe", json!({"reason": "qux"})).await.expect(200);

    for (who, act, said) in [
        (&staff, "give", json!({"message": "Thank you, Zoequx", "send_letter": true})),
        (&app.admin().await, "waive", json!({"reason": "qux"})),
    ] {
        let owed = Owed {
            member: id.as_str().expect("an id").parse().expect("an id"),
            deed: Deed {
                of: DeedType::Mention,
                id: RawId(app.store().chance().uuid_v7(app.now())),
            },
            category: ThanksCategory::Mention,
            topic_owner: None,
        };
        let owed = app.store().write(move |tx| service::owe(tx, &owed)).await.expect("owed");
        let path = format!("/v1/thanks/{}/{act}", owed.id);
        who.post_keyed(&path, act, said).await.expect(200);
    }

    let registered = registered();
    let found = columns_with(app, "qux").await;
    for column in [
        "members.email",
        "members.external_id",
        "entry_notes.reason",
        "order_lines.lines",
        "status_notes.reason",
        "perks.title",
        "perks.reason",
        "perks.message",
        "perks.ended_reason",
        "thanks.message",
        "thanks.waive_reason",
        "letters.to_address",
        "letters.context",
        "one_time_tokens.content",
        "idempotency_keys.body",
    ] {
        assert!(found.contains(column), "{column} should have been filled: {found:?}");
    }
    for column in &found {
        let fate = registered.get(column);
        let goes = matches!(fate, Some(Fate::Deleted | Fate::Emptied));
        assert!(goes, "{column} is said to hold no person's words: {fate:?}");
    }
    staff.delete(&path).await.expect(204);
    assert_eq!(columns_with(app, "qux").await, BTreeSet::new());
}
