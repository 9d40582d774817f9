//! `src/platform/db/schema/` is kept by hand: here it is held against both databases.

use std::collections::BTreeMap;

use diesel::{
    QueryableByName, RunQueryDsl,
    sql_types::{BigInt, Text},
};
use platform::db::migrate;

use crate::{
    database::{Db, on_both},
    support::both::Which,
};

/// A column: its name, its type, and whether it may be null.
type Columns = Vec<(String, String, bool)>;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    data_type: String,
    #[diesel(sql_type = BigInt)]
    nullable: i64,
}

/// What the source says: tables with their columns in order, and their primary keys.
fn in_source() -> (BTreeMap<String, Columns>, BTreeMap<String, Vec<String>>) {
    // a file that is not named here is missed below: its tables are in the databases
    let source = [
        include_str!("../../src/platform/db/schema/mod.rs"),
        include_str!("../../src/platform/db/schema/access.rs"),
        include_str!("../../src/platform/db/schema/friends.rs"),
        include_str!("../../src/platform/db/schema/listening.rs"),
        include_str!("../../src/platform/db/schema/people.rs"),
        include_str!("../../src/platform/db/schema/points.rs"),
        include_str!("../../src/platform/db/schema/catalogue.rs"),
    ]
    .join("\n");
    let (mut tables, mut keys) = (BTreeMap::<String, Columns>::new(), BTreeMap::new());
    let mut table = String::new();
    for line in source.lines().map(str::trim) {
        if let Some((name, key)) = line.strip_suffix(") {").and_then(|line| line.split_once(" (")) {
            name.clone_into(&mut table);
            keys.insert(table.clone(), key.split(", ").map(str::to_owned).collect());
        } else if let Some((name, sql_type)) =
            line.strip_suffix(',').and_then(|line| line.split_once(" -> "))
        {
            let bare = sql_type.strip_prefix("Nullable<").and_then(|rest| rest.strip_suffix('>'));
            let column = (name.to_owned(), bare.unwrap_or(sql_type).to_owned(), bare.is_some());
            tables.entry(table.clone()).or_default().push(column);
        }
    }
    assert!(tables.len() > 20, "{tables:?}");
    (tables, keys)
}

/// What a type of the source is called by the database.
fn native(sql_type: &str, which: Which) -> &'static str {
    match (sql_type, which) {
        ("Text" | "JsonSql", Which::Sqlite) => "TEXT",
        ("Binary" | "UuidSql", Which::Sqlite) => "BLOB",
        ("Bool" | "SmallInt" | "BigInt" | "InstantSql", Which::Sqlite) => "INTEGER",
        ("Text", Which::Postgres) => "text",
        ("JsonSql", Which::Postgres) => "jsonb",
        ("Binary", Which::Postgres) => "bytea",
        ("UuidSql", Which::Postgres) => "uuid",
        ("Bool", Which::Postgres) => "boolean",
        ("SmallInt", Which::Postgres) => "smallint",
        ("BigInt", Which::Postgres) => "bigint",
        ("InstantSql", Which::Postgres) => "timestamp with time zone",
        _ => panic!("no native type is known for {sql_type}"),
    }
}

fn in_database(db: &Db) -> BTreeMap<String, Columns> {
    let query = match db.which {
        // a primary key is never null, though SQLite says so of some only
        Which::Sqlite => {
            "SELECT t.name AS table_name, c.name AS column_name, c.type AS data_type, \
             CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 0 ELSE 1 END AS nullable \
             FROM sqlite_master t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' \
             ORDER BY t.name, c.cid"
        }
        Which::Postgres => {
            "SELECT table_name::text, column_name::text, data_type::text, \
             CASE is_nullable WHEN 'NO' THEN 0 ELSE 1 END::bigint AS nullable \
             FROM information_schema.columns WHERE table_schema = 'public' \
             ORDER BY table_name, ordinal_position"
        }
    };
    let found: Vec<Found> = diesel::sql_query(query).load(&mut db.connect()).expect("the columns");
    let mut tables = BTreeMap::<String, Columns>::new();
    for Found { table_name, column_name, data_type, nullable } in found {
        if table_name != "__diesel_schema_migrations" {
            tables.entry(table_name).or_default().push((column_name, data_type, nullable == 1));
        }
    }
    tables
}

fn keys_in_database(db: &Db) -> BTreeMap<String, Vec<String>> {
    let query = match db.which {
        Which::Sqlite => {
            "SELECT t.name AS table_name, c.name AS column_name, '' AS data_type, 0 AS nullable \
             FROM sqlite_master t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND c.pk > 0 ORDER BY t.name, c.pk"
        }
        Which::Postgres => {
            "SELECT k.table_name::text, k.column_name::text, '' AS data_type, 0::bigint AS nullable \
             FROM information_schema.table_constraints t \
             JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name) \
             WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_schema = 'public' \
             ORDER BY k.table_name, k.ordinal_position"
        }
    };
    let found: Vec<Found> = diesel::sql_query(query).load(&mut db.connect()).expect("the keys");
    let mut keys = BTreeMap::<String, Vec<String>>::new();
    for Found { table_name, column_name, .. } in found {
        if table_name != "__diesel_schema_migrations" {
            keys.entry(table_name).or_default().push(column_name);
        }
    }
    keys
}

on_both!(the_source_agrees_with_the_database);
async fn the_source_agrees_with_the_database(db: Db) {
    let (tables, keys) = in_source();
    let expected: BTreeMap<String, Columns> = tables
        .into_iter()
        .map(|(table, columns)| {
            let columns = columns
                .into_iter()
                .map(|(name, sql_type, null)| (name, native(&sql_type, db.which).to_owned(), null))
                .collect();
            (table, columns)
        })
        .collect();
    let found = in_database(&db);
    assert_eq!(expected.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
    for (table, columns) in &expected {
        assert_eq!(columns, &found[table], "{table}");
    }
    assert_eq!(keys, keys_in_database(&db));
}

on_both!(empty migrations_run_up_and_down_and_up_again);
async fn migrations_run_up_and_down_and_up_again(db: Db) {
    let mut conn = db.connect();
    assert_eq!(migrate::tables(&mut conn).expect("a count"), 0);
    assert!(!migrate::is_current(&mut conn).expect("an answer"));
    let first = migrate::run(&mut conn).expect("up");
    assert!(!first.is_empty());
    let with_all = in_database(&db);
    assert!(migrate::is_current(&mut conn).expect("an answer"));
    assert_eq!(migrate::run(&mut conn).expect("nothing to do"), Vec::<String>::new());
    migrate::undo(&mut conn).expect("down");
    assert!(in_database(&db).is_empty(), "something is left");
    assert!(!migrate::is_current(&mut conn).expect("an answer"));
    assert_eq!(migrate::run(&mut conn).expect("up again"), first);
    assert_eq!(in_database(&db), with_all);
}
