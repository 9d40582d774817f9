//! A client that is not ours: `wrk`, one thread, keep-alive connections, members drawn at random.

use std::{
    fmt::Write as _,
    path::PathBuf,
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use super::{http, members, place::Place, support::programs};

/// What is asked, as a Lua table's fields: `MEMBER` and `REWARD` stand for ids, `FRESH` for what
/// never comes twice.
pub struct Ask {
    pub method: &'static str,
    pub path: &'static str,
    pub body: &'static str,
    /// Whether an idempotency key goes with it.
    pub keyed: bool,
}

pub fn program() -> Option<PathBuf> {
    programs::on_path(&["wrk"])
}

/// Answers a second.
pub fn run(
    program: &PathBuf,
    place: &Place,
    address: &str,
    members: &members::Range,
    ask: &Ask,
    time: Duration,
) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("ask.lua");
    std::fs::write(&script, lua(place, members, ask)).expect("the script");
    let answer = Command::new(program)
        .args(["-t1", &format!("-c{}", http::CONNECTIONS)])
        .arg(format!("-d{}s", time.as_secs().max(1)))
        .arg("-s")
        .arg(&script)
        .arg(format!("http://{address}"))
        .output()
        .expect("wrk runs");
    let text = String::from_utf8_lossy(&answer.stdout);
    let errors = String::from_utf8_lossy(&answer.stderr);
    let faults = ["Non-2xx", "Socket errors"].iter().any(|fault| text.contains(fault));
    assert!(answer.status.success() && !faults, "{} {}: {text}{errors}", ask.method, ask.path);
    text.lines()
        .find_map(|line| line.strip_prefix("Requests/sec:")?.trim().parse().ok())
        .unwrap_or_else(|| panic!("{text}{errors}"))
}

/// A script of `wrk`'s.
fn lua(place: &Place, members: &members::Range, ask: &Ask) -> String {
    static RUNS: AtomicU32 = AtomicU32::new(1);
    let run = format!("{}-{}-", process::id(), RUNS.fetch_add(1, Ordering::Relaxed));
    let mut ids = String::new();
    for number in members.clone() {
        write!(ids, "'{}',", members::id(number)).expect("text");
    }
    let Ask { method, path, body, keyed } = ask;
    let (key, reward) = (&place.key, &place.reward);
    format!(
        r#"local ids = {{{ids}}}
local sent = 0
local headers = {{["authorization"] = "Bearer {key}"}}
math.randomseed(os.time())
request = function()
  sent = sent + 1
  local fill = {{MEMBER = ids[math.random(#ids)], REWARD = "{reward}", FRESH = "{run}" .. sent}}
  if {keyed} then headers["idempotency-key"] = fill.FRESH end
  local body = '{body}'
  if body == "" then body = nil else body = body:gsub("%u%u+", fill) end
  local path = '{path}'
  path = path:gsub("%u%u+", fill)
  return wrk.format("{method}", path, headers, body)
end
"#
    )
}
