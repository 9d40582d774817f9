//! Answers to sort: what members said, with the topics that their words suggest, until somebody confirms
//! which of them it is about.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{
    desk::{Desk, Sent, refused},
    frame::Frame,
    topics::{full_name, in_order},
};
use crate::web::visit::see_other;
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{AnswerId, TopicId},
        page::Listing,
    },
};
use program::{
    members::{Member, service::many},
    surveys::{
        Category,
        answers::{
            Answer as Said,
            service::{self, Sought},
            topics,
        },
    },
    topics::service as about,
};

/// A topic that an answer may be about.
#[derive(Serialize)]
struct Tick {
    id: String,
    name: String,
    suggested: bool,
}

/// An answer, for a person.
#[derive(Serialize)]
struct Card {
    id: String,
    member_id: String,
    member: String,
    score: i64,
    category: Category,
    answered_at: Timestamp,
    words: String,
    topics: Vec<Tick>,
}

#[derive(Serialize)]
struct SortingPage {
    #[serde(flatten)]
    frame: Frame,
    answers: Vec<Card>,
    /// All topics, by id and name.
    all: Vec<(String, String)>,
    next_cursor: Option<String>,
}

/// `GET /console/topics/answers?cursor=`
pub async fn list(desk: Desk) -> Answer {
    page(&desk, None).await
}

async fn page(desk: &Desk, fault: Option<&Refusal>) -> Answer {
    let query = match fault {
        None => Query::parse(desk.visit.query(), &["cursor", "limit", "done"])?,
        Some(_) => Query::default(),
    };
    let page = query.page()?;
    let read = move |tx: &mut Tx<'_>| {
        let sought = Sought { suggested: true, ..Sought::default() };
        let Listing { data, next_cursor } = service::list(tx, &sought, &page)?;
        let topics = in_order(about::live(tx)?);
        let names: HashMap<TopicId, String> =
            topics.iter().map(|topic| (topic.id, topic.fields.name.to_string())).collect();
        let all: Vec<(String, String)> =
            topics.iter().map(|topic| (topic.id.to_string(), full_name(topic, &names))).collect();
        Ok((cards(tx, data, &all)?, all, next_cursor))
    };
    let (answers, all, next_cursor) = desk.store().read(read).await?;
    let page = SortingPage { frame: desk.frame("topics", fault), answers, all, next_cursor };
    desk.page("sorting", fault, &page)
}

fn cards(tx: &mut Tx<'_>, answers: Vec<Said>, names: &[(String, String)]) -> Result<Vec<Card>> {
    let ids: Vec<AnswerId> = answers.iter().map(|answer| answer.id).collect();
    let mut words = service::words(tx, &ids)?;
    let subjects: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let mut links = about::of_subjects(tx, &subjects)?;
    let members = answers.iter().map(|answer| answer.member_id).collect();
    let members = many::find_all(tx, &members)?;
    let tick = |id: TopicId, suggested| {
        let id = id.to_string();
        let name = names.iter().find(|(known, _)| *known == id);
        Tick { name: name.map_or_else(|| id.clone(), |(_, name)| name.clone()), id, suggested }
    };
    let card = |answer: Said| {
        let member = members.get(&answer.member_id).and_then(Member::full_name);
        let links = links.remove(&answer.id.uuid()).unwrap_or_default();
        Card {
            id: answer.id.to_string(),
            member: member.unwrap_or_else(|| answer.member_id.to_string()),
            member_id: answer.member_id.to_string(),
            score: answer.score,
            category: answer.category,
            answered_at: answer.answered_at,
            words: words.remove(&answer.id).unwrap_or_default(),
            topics: links.into_iter().map(|link| tick(link.topic_id, link.suggested)).collect(),
        }
    };
    Ok(answers.into_iter().map(card).collect())
}

/// `POST /console/topics/answers/{id}`: as `PUT /v1/answers/{id}/topics`, of what was ticked.
pub async fn sort(Sent { desk, form }: Sent<BTreeMap<String, String>>) -> Answer {
    let id: AnswerId = desk.visit.path("id").parse().map_err(|_| Refusal::not_found("answer"))?;
    let by = desk.caller();
    let other = form.get("other").filter(|id| !id.is_empty()).map(String::as_str);
    let ticked = form.keys().filter_map(|name| name.strip_prefix("topic:"));
    let topic_ids: Result<Vec<TopicId>, Refusal> = ticked
        .chain(other)
        .map(|id| id.parse().map_err(|_| Refusal::not_found_at("topic", "/topic_ids")))
        .collect();
    let sorted = async {
        let topic_ids = topic_ids?;
        desk.store().write(move |tx| topics::confirm(tx, id, &topic_ids, &by)).await
    };
    match refused(sorted.await)? {
        Ok(_) => Ok(see_other("/console/topics/answers?done=sorted")),
        Err(refusal) => page(&desk, Some(&refusal)).await,
    }
}
