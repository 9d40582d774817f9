//! One line makes a test run on both databases.
//!
//! ```ignore
//! both!(redeems_a_reward);
//! async fn redeems_a_reward(app: &TestApp) {
//!     …
//! }
//! ```
//!
//! gives the tests `redeems_a_reward::sqlite` and `redeems_a_reward::postgres`. `both!(mut name)`
//! is for a test that takes `&mut TestApp`. The function stays an ordinary one, which rustfmt and
//! the editor understand. After it, `app.finish().await` checks the invariants; where PostgreSQL
//! is not installed, `TestApp::on` answers `None` after a loud word, and the test is skipped.

/// The databases that a test can run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Sqlite,
    Postgres,
}

macro_rules! both {
    (mut $name:ident) => { $crate::support::both::both!(@ $name [mut] [&mut]); };
    ($name:ident) => { $crate::support::both::both!(@ $name [] [&]); };
    (@ $name:ident [$($mut:tt)?] [$($borrow:tt)+]) => {
        mod $name {
            use $crate::support::app::TestApp;
            use $crate::support::both::Which;

            #[actix_web::test]
            async fn sqlite() {
                run_on(Which::Sqlite).await;
            }

            #[actix_web::test]
            async fn postgres() {
                run_on(Which::Postgres).await;
            }

            async fn run_on(which: Which) {
                let Some($($mut)? app) = TestApp::on(which).await else {
                    return;
                };
                super::$name($($borrow)+ app).await;
                app.finish().await;
            }
        }
    };
}
pub(crate) use both;
