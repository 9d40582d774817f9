//! The governor over a simulated year, against a model of its own: who is asked, when, and why not.

use jiff::{Span, Timestamp as Instant, civil::Date, tz::TimeZone};
use platform::kernel::{chance::Chance, clock::Timestamp};
use serde_json::{Value, json};

use crate::{
    support::{app::TestApp, both::both},
    world::{asks, codes, id, mail, order, reader, survey},
};

const DAY: i64 = 86_400;
/// Between two of any kind, of one kind, and how many a year.
const ANY: i64 = 5;
const KINDS: [(&str, i64); 7] = [
    ("survey", 20),
    ("review", 15),
    ("testimonial", 60),
    ("photo", 40),
    ("gathering", 10),
    ("referral", 30),
    ("mailing", 7),
];
const A_YEAR: usize = 8;
const NEW: i64 = 7;

/// What the model knows of an ask.
#[derive(Clone, Debug)]
struct Expected {
    survey: String,
    rank: i64,
    due: i64,
    send_at: Option<i64>,
    state: &'static str,
    codes: Vec<&'static str>,
    sent_at: Option<i64>,
}

/// The rules, written down again from the contract. Seconds since 1970.
struct Model {
    enrolled: i64,
    sent: Vec<(&'static str, i64)>,
    asks: Vec<Expected>,
}

impl Model {
    /// Every reason with its end, as far as it has one.
    fn reasons(&self, kind: &str, is_letter: bool, at: i64) -> Vec<(&'static str, i64)> {
        let own = KINDS.iter().find(|(name, _)| *name == kind).expect("a kind").1;
        let mut found = Vec::new();
        let mut until = |code, end: Option<i64>| {
            found.extend(end.filter(|end| *end > at).map(|end| (code, end)));
        };
        until("quiet_any", self.sent.iter().map(|(_, sent)| sent + ANY * DAY).max());
        let same = self.sent.iter().filter(|(name, _)| *name == kind);
        until("quiet_kind", same.map(|(_, sent)| sent + own * DAY).max());
        // the first moment from which on fewer than a year's number are younger than a year
        let ends: Vec<i64> = self.sent.iter().map(|(_, sent)| sent + 365 * DAY).collect();
        let younger = |moment: i64| ends.iter().filter(|end| **end > moment).count();
        let free = std::iter::once(at).chain(ends.iter().copied().filter(|end| *end > at));
        until("year_full", free.filter(|moment| younger(*moment) < A_YEAR).min());
        until("new_member", Some(self.enrolled + NEW * DAY));
        if is_letter {
            let hour = at.rem_euclid(DAY) / 3600;
            let midnight = at - at.rem_euclid(DAY);
            let morning = if hour >= 21 { Some(midnight + 32 * 3600) } else { None };
            until("quiet_hours", if hour < 8 { Some(midnight + 8 * 3600) } else { morning });
        }
        found
    }

    fn wait(ask: &mut Expected, reasons: &[(&'static str, i64)]) {
        ask.codes = reasons.iter().map(|(code, _)| *code).collect();
        match reasons.iter().map(|(_, end)| *end).max() {
            None => ask.state = "planned",
            Some(end) if ask.rank == 1 && end > ask.due + 30 * DAY => {
                ask.codes.push("too_late");
                (ask.state, ask.send_at) = ("dropped", None);
            }
            Some(end) => (ask.state, ask.send_at) = ("postponed", Some(end)),
        }
    }

    fn plan(&mut self, survey: &str, rank: i64, due: i64) {
        let mut ask = Expected {
            survey: survey.to_owned(),
            rank,
            due,
            send_at: Some(due),
            state: "planned",
            codes: Vec::new(),
            sent_at: None,
        };
        Self::wait(&mut ask, &self.reasons("survey", true, due));
        self.asks.push(ask);
    }

    /// Whose time has come is looked at by rank; one goes.
    fn tick(&mut self, now: i64) {
        let mut due: Vec<usize> = (0..self.asks.len())
            .filter(|place| self.asks[*place].send_at.is_some_and(|at| at <= now))
            .collect();
        due.sort_by_key(|place| (self.asks[*place].rank, self.asks[*place].due, *place));
        let mut gone = false;
        for place in due {
            let mut reasons = self.reasons("survey", true, now);
            if reasons.is_empty() {
                let ask = &mut self.asks[place];
                (ask.state, ask.send_at, ask.sent_at) = ("sent", None, Some(now));
                ask.codes.clear();
                self.sent.push(("survey", now));
                gone = true;
                continue;
            }
            if let Some(end) = reasons.iter().map(|(_, end)| *end).max().filter(|_| gone) {
                reasons.push(("other_first", end));
            }
            Self::wait(&mut self.asks[place], &reasons);
        }
    }

    /// The shop itself asks; answers why not.
    fn ask_now(&mut self, kind: &'static str, rank: i64, now: i64) -> Vec<&'static str> {
        let mut codes: Vec<&str> =
            self.reasons(kind, false, now).into_iter().map(|(code, _)| code).collect();
        let better = self.asks.iter().any(|ask| {
            ask.rank < rank
                && ask.send_at.is_some_and(|at| at <= now)
                && self.reasons("survey", true, now).is_empty()
        });
        if codes.is_empty() && better {
            codes.push("other_first");
        }
        if codes.is_empty() {
            self.sent.push((kind, now));
        }
        codes
    }
}

fn seconds(at: Timestamp) -> i64 {
    at.as_second()
}

fn date(second: i64) -> Date {
    let instant = Instant::from_second(second).expect("an instant");
    instant.to_zoned_datetime(TimeZone::UTC).date()
}

/// Every ask by survey as it stands, the API's or the model's.
fn told(survey: &str, state: &str, codes: &[&str], sent_at: Option<i64>) -> String {
    format!("{survey} {state} {codes:?} {sent_at:?}")
}

async fn compare(app: &TestApp, member: &str, model: &Model) {
    let found = asks(app, &format!("member_id={member}&kind=survey")).await;
    let mut found: Vec<String> = found
        .iter()
        .map(|ask| {
            let sent =
                ask["sent_at"].as_str().map(|at| at.parse().map(seconds).expect("an instant"));
            let text = |field: &str| ask[field].as_str().expect("a text");
            told(text("ref"), text("state"), &codes(ask), sent)
        })
        .collect();
    let mut expected: Vec<String> = model
        .asks
        .iter()
        .map(|ask| {
            let is_over = ask.sent_at.is_some_and(|sent| sent + 30 * DAY <= seconds(app.now()));
            let state = if is_over { "expired" } else { ask.state };
            told(&ask.survey, state, &ask.codes, ask.sent_at)
        })
        .collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "seed {}, at {}", app.seed, app.now());
}

/// What the shop itself may ask for, with its rank.
const OWN: [(&str, i64); 6] = [
    ("review", 2),
    ("gathering", 4),
    ("testimonial", 5),
    ("photo", 6),
    ("referral", 8),
    ("mailing", 9),
];

both!(a_year_of_fifty_triggers_is_as_the_model_says);
async fn a_year_of_fifty_triggers_is_as_the_model_says(app: &TestApp) {
    let by_kind: serde_json::Map<String, Value> =
        KINDS.iter().map(|(kind, days)| ((*kind).to_owned(), json!(days))).collect();
    app.settings(json!({
        "ask_quiet_days": ANY, "ask_quiet_days_by_kind": by_kind, "asks_per_year": A_YEAR,
        "ask_new_member_days": NEW,
    }))
    .await;
    let member = reader(app, json!({})).await;
    let mut model = Model { enrolled: seconds(app.now()), sent: Vec::new(), asks: Vec::new() };
    let placed = survey(app, json!({"trigger": {"on": "order_placed", "after_days": 2}})).await;
    let manual = survey(app, json!({"kind": "ces", "trigger": {"on": "manual"}})).await;
    let months = json!({"trigger": {"on": "relational", "every_months": 2}, "kind": "csat"});
    let round = survey(app, months).await;
    let chance = Chance::seeded(app.seed);
    let roll = move |sides: u64| u64::from_le_bytes(chance.bytes()) % sides;
    let mut when: Vec<(u64, u64)> = (0..50).map(|_| (roll(730), roll(5))).collect();
    when.sort_unstable();
    let start = date(seconds(app.now())).tomorrow().expect("a day");
    let (mut refused, mut allowed) = (0, 0);
    for half in 0..730_u64 {
        let day = start.saturating_add(Span::new().days(i64::try_from(half / 2).expect("few")));
        let hour = if half % 2 == 0 { 10 } else { 22 };
        app.travel_to(&format!("{day}T{hour:02}:00:00Z"));
        let now = seconds(app.now());
        let mut ordered = 0;
        for (_, what) in when.iter().filter(|(at, _)| *at == half) {
            match what {
                0 | 1 => {
                    order(app, &member).await;
                    ordered += 1;
                }
                2 => {
                    let path = format!("/v1/surveys/{manual}/send");
                    let sent = app.staff().await.post(&path, json!({"member_ids": [member]})).await;
                    // once a day, however often
                    if sent.expect(200)["planned"] == 1 {
                        model.plan(&manual, 3, now);
                    }
                }
                _ => {
                    let (kind, rank) = OWN[usize::try_from(roll(6)).expect("few")];
                    let expected = model.ask_now(kind, rank, now);
                    let ask = json!({
                        "member_id": member, "kind": kind, "ref": format!("r-{half}"),
                        "channel": if roll(2) == 0 { "page" } else { "till" },
                    });
                    let reply = app.storefront().await.post("/v1/asks", ask).await;
                    if expected.is_empty() {
                        allowed += 1;
                        id(&reply.expect(201));
                    } else {
                        refused += 1;
                        let problem = reply.refused(409, "ask_refused");
                        assert_eq!(codes(&problem), expected, "seed {}, {day}", app.seed);
                    }
                }
            }
        }
        // what happened is looked at afterwards, and whose turn it is by the calendar once a day
        (0..ordered).for_each(|_| model.plan(&placed, 1, now + 2 * DAY));
        if hour == 10 {
            let since = day.saturating_sub(Span::new().months(2)).tomorrow().expect("a day");
            let open = |ask: &Expected| ask.send_at.is_some() || date(ask.due) >= since;
            let was_asked = model.asks.iter().any(|ask| ask.survey == round && open(ask));
            if date(model.enrolled) < since && !was_asked {
                model.plan(&round, 3, now);
            }
        }
        let eventful = ordered > 0 || when.iter().any(|(at, _)| *at == half);
        mail(app).await;
        model.tick(now);
        if eventful || half % 60 == 0 {
            compare(app, &member, &model).await;
        }
    }
    compare(app, &member, &model).await;
    assert!(refused > 0 && allowed > 0, "seed {}: {refused} refused, {allowed} not", app.seed);
    let sent = model.asks.iter().filter(|ask| ask.state == "sent" || ask.sent_at.is_some()).count();
    assert!(sent > 2, "seed {}: {:?}", app.seed, model.asks);
}
