//! SQLite's journal is brought into the file while writes go on, and begun anew.

use diesel::connection::SimpleConnection;
use platform::db::DatabaseUrl;

use crate::support::{app::TestApp, both::Which};

const MIB: u64 = 1 << 20;

#[actix_web::test]
async fn the_journal_stays_short_while_everybody_writes() {
    let app = TestApp::on(Which::Sqlite).await.expect("SQLite is always there");
    let DatabaseUrl::Sqlite(file) = app.store().url() else { panic!("a file") };
    let mut journal = file.clone().into_os_string();
    journal.push("-wal");
    let sql = "INSERT INTO meta (name, value) VALUES ('much', randomblob(1048576)) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    // somebody reads all the time
    let store = app.store().clone();
    let reading = actix_web::rt::spawn(async move {
        loop {
            let read = store.read(|tx| Ok(tx.conn.batch_execute("SELECT count(*) FROM meta")?));
            read.await.expect("it is read");
        }
    });
    let (mut written, mut longest) = (0, 0);
    while written < 500 * MIB {
        let done = app.store().write(move |tx| Ok(tx.conn.batch_execute(sql)?));
        done.await.expect("it is written");
        written += MIB;
        longest = std::fs::metadata(&journal).expect("a journal").len().max(longest);
    }
    reading.abort();
    // SQLite by itself is told to let it grow to 256 MiB
    assert!(longest < 200 * MIB, "the journal grew to {} MiB", longest / MIB);
    assert!(longest >= 64 * MIB, "a checkpoint at {} MiB", longest / MIB);
    app.finish().await;
}
