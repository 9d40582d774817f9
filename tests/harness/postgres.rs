use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::support::postgres::cluster;

#[derive(QueryableByName)]
struct Seen {
    #[diesel(sql_type = BigInt)]
    rows: i64,
    #[diesel(sql_type = Text)]
    lower: String,
}

fn migrate(url: &str) {
    PgConnection::establish(url)
        .unwrap()
        .batch_execute("CREATE TABLE migrated_once (id INT); INSERT INTO migrated_once VALUES (1)")
        .unwrap();
}

#[test]
fn gives_every_thread_databases_of_its_own() {
    let Some(cluster) = cluster() else { return };
    let take_two = || {
        let databases = [(); 2].map(|()| cluster.database_from_template(migrate));
        for database in &databases {
            let mut connection = PgConnection::establish(database.url()).unwrap();
            connection.batch_execute("INSERT INTO migrated_once VALUES (2)").unwrap();
            let seen: Seen = diesel::sql_query(
                "SELECT count(*) AS rows, lower('ÞÓRDÍS') AS lower FROM migrated_once",
            )
            .get_result(&mut connection)
            .unwrap();
            assert_eq!((seen.rows, seen.lower.as_str()), (2, "þórdís"));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(take_two);
        }
    });
}

#[test]
fn drops_a_database_that_someone_still_uses() {
    let Some(cluster) = cluster() else { return };
    let database = cluster.database_from_template(migrate);
    let url = database.url().to_owned();
    let mut still_here = PgConnection::establish(&url).unwrap();
    drop(database);
    assert!(still_here.batch_execute("SELECT 1").is_err());
    assert!(PgConnection::establish(&url).is_err());
}
