//! What members talk about: the topics, how often each was raised, and what stands behind it.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    desk::{Desk, Sent, field, refused},
    frame::Frame,
};
use crate::web::visit::see_other;
use platform::{
    auth::users,
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        error::{Refusal, Result},
        id::TopicId,
        json,
        locale::Language,
        page::Page,
        version::Versions,
    },
};
use program::topics::{
    NewTopic, Topic, TopicChanges, TopicState, TopicWords,
    service::{self, Counts},
};

/// How many people of the staff can be chosen.
const STAFF: i64 = 100;

type Typed = BTreeMap<String, String>;

/// A topic, for a person.
#[derive(Serialize)]
struct Line {
    id: String,
    version: i64,
    name: String,
    parent_id: String,
    state: TopicState,
    owner_id: String,
    owner: Option<String>,
    has_parts: bool,
    counts: Counts,
    /// By the tag of its language, a line each.
    words: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct TopicsPage {
    #[serde(flatten)]
    frame: Frame,
    state: String,
    states: Vec<&'static str>,
    topics: Vec<Line>,
    /// Those that can have parts, and those that another can be merged into: id and name.
    parents: Vec<(String, String)>,
    all: Vec<(String, String)>,
    owners: Vec<(String, String)>,
    languages: Vec<&'static str>,
    /// Answers that wait to be sorted.
    waiting: i64,
    typed: Typed,
}

/// `GET /console/topics?state=`
pub async fn list(desk: Desk) -> Answer {
    page(&desk, None, Typed::new()).await
}

async fn page(desk: &Desk, fault: Option<&Refusal>, typed: Typed) -> Answer {
    let query = match fault {
        None => Query::parse(desk.visit.query(), &["state", "done"])?,
        Some(_) => Query::default(),
    };
    let state: Option<TopicState> = match query.text("state") {
        None | Some("") => None,
        Some(_) => query.get("state")?,
    };
    let read = |tx: &mut Tx<'_>| {
        let users = users::list(tx, &Page::first(STAFF), |all| all)?.data;
        let users = users.into_iter().map(|user| (user.id.to_string(), user.name.to_string()));
        let (topics, counts) = (service::live(tx)?, service::counts(tx)?);
        Ok((topics, counts, service::waiting(tx)?, users.collect::<Vec<_>>()))
    };
    let (topics, counts, waiting, owners) = desk.store().read(read).await?;
    let topics = in_order(topics);
    let names: HashMap<TopicId, String> =
        topics.iter().map(|topic| (topic.id, topic.fields.name.to_string())).collect();
    let choice = |topic: &Topic| (topic.id.to_string(), full_name(topic, &names));
    let is_shown = |topic: &&Topic| state.is_none_or(|state| topic.fields.state == state);
    let page = TopicsPage {
        frame: desk.frame("topics", fault),
        state: state.map(|state| state.to_string()).unwrap_or_default(),
        states: TopicState::ALL.iter().map(|state| state.as_str()).collect(),
        parents: topics.iter().filter(|it| it.fields.parent_id.is_none()).map(choice).collect(),
        all: topics.iter().map(choice).collect(),
        topics: topics
            .iter()
            .filter(is_shown)
            .map(|topic| line(topic, &topics, &counts, &owners))
            .collect(),
        owners,
        languages: Language::ALL.iter().map(|language| language.tag()).collect(),
        waiting,
        typed: filled(typed),
    };
    desk.page("topics", fault, &page)
}

/// By name, each followed by its parts.
pub(super) fn in_order(mut topics: Vec<Topic>) -> Vec<Topic> {
    let names: HashMap<TopicId, String> =
        topics.iter().map(|topic| (topic.id, topic.fields.name.as_str().to_lowercase())).collect();
    topics.sort_by_key(|topic| {
        let own = names.get(&topic.id).cloned();
        match topic.fields.parent_id {
            Some(parent) => (names.get(&parent).cloned(), own),
            None => (own, None),
        }
    });
    topics
}

/// A part with the name of what it is a part of.
pub(super) fn full_name(topic: &Topic, names: &HashMap<TopicId, String>) -> String {
    match topic.fields.parent_id.and_then(|parent| names.get(&parent)) {
        Some(parent) => format!("{parent} › {}", topic.fields.name),
        None => topic.fields.name.to_string(),
    }
}

fn line(
    topic: &Topic,
    all: &[Topic],
    counts: &HashMap<TopicId, Counts>,
    owners: &[(String, String)],
) -> Line {
    let fields = &topic.fields;
    let owner_id = fields.owner_id.map(|id| id.to_string()).unwrap_or_default();
    Line {
        id: topic.id.to_string(),
        version: topic.version,
        name: fields.name.to_string(),
        parent_id: fields.parent_id.map(|id| id.to_string()).unwrap_or_default(),
        state: fields.state,
        owner: owners.iter().find(|(id, _)| *id == owner_id).map(|(_, name)| name.clone()),
        owner_id,
        has_parts: all.iter().any(|part| part.fields.parent_id == Some(topic.id)),
        counts: counts.get(&topic.id).copied().unwrap_or_default(),
        words: lines(&fields.words),
    }
}

/// Words as they stand in a form.
fn lines(words: &TopicWords) -> BTreeMap<String, String> {
    let spoken = Language::ALL.iter().map(|language| language.tag());
    let line = |tag: &str| {
        let words: Vec<String> = words.of(tag).iter().map(ToString::to_string).collect();
        (tag.to_owned(), words.join("\n"))
    };
    spoken.chain(words.tags()).map(line).collect()
}

fn filled(mut typed: Typed) -> Typed {
    let words = Language::ALL.iter().map(|language| format!("words:{}", language.tag()));
    for name in
        ["name", "parent_id", "owner_id", "state"].map(str::to_owned).into_iter().chain(words)
    {
        typed.entry(name).or_default();
    }
    typed
}

/// A form's texts as the API's body: the one reader judges them all.
fn body(typed: &Typed) -> Map<String, Value> {
    let text = |name: &str| typed.get(name).map(|text| text.trim()).unwrap_or_default();
    let or_null = |name: &str| json!(Some(text(name)).filter(|text| !text.is_empty()));
    let words = typed.iter().filter_map(|(name, text)| {
        let tag = name.strip_prefix("words:")?;
        let words: Vec<&str> =
            text.lines().map(str::trim).filter(|word| !word.is_empty()).collect();
        Some((tag.to_owned(), json!(words))).filter(|_| !words.is_empty())
    });
    let words: Map<String, Value> = words.collect();
    Map::from_iter([
        ("name".to_owned(), json!(text("name"))),
        ("parent_id".to_owned(), or_null("parent_id")),
        ("owner_id".to_owned(), or_null("owner_id")),
        ("state".to_owned(), json!(text("state"))),
        ("words".to_owned(), Value::Object(words)),
    ])
}

/// `POST /console/topics`: as `POST /v1/topics`.
pub async fn add(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    let added = async {
        let fields: NewTopic = json::parse(Value::Object(body(&typed)).to_string().as_bytes())?;
        desk.store().write(move |tx| service::add(tx, fields.clone())).await
    };
    match refused(added.await)? {
        Ok(_) => Ok(see_other("/console/topics?done=saved")),
        Err(refusal) => page(&desk, Some(&refusal), typed).await,
    }
}

fn id(desk: &Desk) -> Result<TopicId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("topic"))
}

/// `POST /console/topics/{id}`: as `PATCH /v1/topics/{id}`.
pub async fn change(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    let id = id(&desk)?;
    let version = typed.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let (changes, seen) = (TopicChanges::from(body(&typed)), Versions::These(vec![version]));
    let change = move |tx: &mut Tx<'_>| service::change(tx, id, &changes, &seen);
    match refused(desk.store().write(change).await)? {
        Ok(_) => Ok(see_other("/console/topics?done=saved")),
        Err(refusal) => page(&desk, Some(&refusal), Typed::new()).await,
    }
}

/// Into which.
#[derive(Deserialize)]
pub struct Into {
    into: String,
}

/// `POST /console/topics/{id}/merge`: as `POST /v1/topics/{id}/merge`.
pub async fn merge(Sent { desk, form }: Sent<Into>) -> Answer {
    let id = id(&desk)?;
    let merged = async {
        let into: TopicId = field("/into", &form.into)?;
        desk.store().write(move |tx| service::merge(tx, id, into)).await
    };
    match refused(merged.await)? {
        Ok(_) => Ok(see_other("/console/topics?done=topic_merged")),
        Err(refusal) => page(&desk, Some(&refusal), Typed::new()).await,
    }
}
