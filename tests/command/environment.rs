//! What the command can be told by its environment, and what it offers to a shell.

use std::{
    net::TcpListener,
    process::{Command, Stdio},
};

use platform::auth::Scope;

use crate::{
    database::{Db, on_both},
    run::{Ended, command, vildar},
    support::{both::Which, programs},
};

fn with_env(args: &[&str], env: &[(&str, &str)]) -> Ended {
    let mut command = command(args);
    command.envs(env.iter().copied());
    Ended::of(command)
}

on_both!(empty serve_is_told_all_by_the_environment);
async fn serve_is_told_all_by_the_environment(db: Db) {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let serve = |env: &[(&str, &str)]| {
        with_env(&["serve"], &[&[("VILDAR_DATABASE_URL", db.url.as_str())], env].concat())
    };
    // not there yet, and not made unasked
    for no in ["0", "no", "false", "off"] {
        let refused = serve(&[("VILDAR_MIGRATE", no)]).expect(1);
        assert!(refused.err.contains("vildar migrate"), "{no}: {refused:?}");
    }
    for yes in ["1", "yes", "true", "on"] {
        let env = [("VILDAR_MIGRATE", yes), ("VILDAR_BEHIND_PROXY", yes), ("VILDAR_PORT", &port)];
        let refused = serve(&env).expect(1);
        let told = format!("port {port} is taken; choose another with --port");
        assert!(refused.err.contains(&told), "{yes}: {refused:?}");
    }
    db.vildar(&["verify"]).expect(0);
    let env = [("VILDAR_PORT", "0"), ("VILDAR_METRICS_PORT", &port)];
    let refused = serve(&env).expect(1);
    assert!(refused.err.contains("another with --metrics-port"), "{refused:?}");
    for (name, wrong) in [
        ("VILDAR_MIGRATE", "maybe"),
        ("VILDAR_BEHIND_PROXY", "2"),
        ("VILDAR_BIND", "here"),
        ("VILDAR_PORT", "many"),
        ("VILDAR_METRICS_PORT", "-1"),
    ] {
        let refused = serve(&[(name, wrong)]).expect(2);
        let option = name.trim_start_matches("VILDAR_").to_lowercase().replace('_', "-");
        assert!(refused.err.contains(&format!("--{option}")), "{name}: {refused:?}");
    }
    let help = vildar(&["serve", "--help"]).expect(0).out;
    for option in help.lines().filter(|line| line.trim_start().starts_with("--")) {
        let name = option.split_whitespace().next().unwrap_or_default();
        let own = ["--json", "--database-url"].contains(&name);
        assert!(
            own || help.contains(&name.replace("--", "VILDAR_").replace('-', "_").to_uppercase())
        );
    }
}

#[test]
fn words_are_listed_and_completed() {
    let scopes = vildar(&["keys", "create", "--help"]).expect(0).out;
    let settings = vildar(&["settings", "set", "--help"]).expect(0).out;
    let shells: Vec<String> = ["bash", "zsh", "fish"]
        .map(|shell| vildar(&["completions", shell]).expect(0).out)
        .into_iter()
        // shells want some of the signs escaped
        .map(|script| script.replace('\\', ""))
        .collect();
    for scope in Scope::ALL {
        assert!(scopes.contains(scope.as_str()), "{scope}: {scopes}");
        assert!(shells.iter().all(|script| script.contains(scope.as_str())), "{scope}");
    }
    for key in ["currency", "public_url", "referral_window_days"] {
        assert!(settings.contains(key), "{key}: {settings}");
        assert!(shells.iter().filter(|script| script.contains(key)).count() >= 2, "{key}");
    }
}

#[test]
fn a_database_is_offered_where_there_is_one() {
    for args in [&["openapi"][..], &["completions", "bash"]] {
        let help = vildar(&[args, &["--help"]].concat()).expect(0).out;
        assert!(!help.contains("--database-url"), "{help}");
        let refused = vildar(&[args, &["--database-url", "sqlite:v.db"]].concat()).expect(2);
        assert!(refused.err.contains("--database-url"), "{refused:?}");
    }
    for args in [&["verify"][..], &["keys", "list"], &["import", "orders"], &["serve"]] {
        let help = vildar(&[args, &["--help"]].concat()).expect(0).out;
        assert!(help.contains("--database-url"), "{args:?}: {help}");
    }
}

#[test]
fn a_refused_connection_stays_readable_where_the_password_is_short() {
    for login in ["u:u", "127:127", "user:e"] {
        let url = format!("postgres://{login}@127.0.0.1:1/vildar");
        let refused = vildar(&["verify", "--database-url", &url]).expect(1);
        assert!(refused.err.contains("Connection refused"), "{refused:?}");
        assert!(refused.err.contains(r#""127.0.0.1""#), "{refused:?}");
        let user = login.split(':').next().expect("a user");
        assert!(
            refused.err.contains(&format!("postgres://{user}@127.0.0.1:1/vildar")),
            "{refused:?}"
        );
    }
}

#[actix_web::test]
async fn an_audit_shows_how_far_it_is_on_a_terminal_alone() {
    let Some(db) = Db::migrated(Which::Sqlite) else { return };
    let Some(script) = programs::on_path(&["script"]) else {
        return programs::skipped("`script` was not found: no terminal was tried");
    };
    let members = db.file("members.csv", "external_id,email,given_name\na,anna@example.com,Anna\n");
    db.vildar(&["import", "members", &members]).expect(0);
    let verify = command(&["verify"]);
    let line = format!("{} verify --database-url {}", verify.get_program().display(), db.url);
    let mut terminal = Command::new(script);
    terminal.args(["-qec", &line, "/dev/null"]).stdin(Stdio::null());
    let shown = Ended::of(terminal).expect(0);
    assert!(shown.out.contains("(eta ") && shown.out.contains("all agree"), "{shown:?}");
    let plain = db.vildar(&["verify"]).expect(0);
    assert!(!plain.everything().contains("eta"), "{plain:?}");
}
