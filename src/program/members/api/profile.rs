//! Finding members, and their profiles.

use actix_web::{get, patch};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::members::{
    Member, MemberBody,
    service::{self, Changes},
    tags::{Tag, Tags},
};
use platform::{
    auth::{Caller, one_time::TOKENS_TO_ONE},
    db::Tx,
    http::{
        Answer, Call,
        query::{Paging, Query},
    },
    kernel::{
        error::{Refusal, Result},
        id::MemberId,
        json::present,
        locale::Locale,
        page::{Listing, Page},
        text::{Birthday, Country, Email, ExternalId, Line, Name},
        zone::Zone,
    },
};

/// A field that may be left out, and can't be null.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// What is to change; the rest stays. null clears, where a field can be without a value.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "null clears, left out leaves")]
pub struct MemberChanges {
    /// By storefront and staff.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    email: Option<Email>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    given_name: Option<Name>,
    #[serde(default, deserialize_with = "present")]
    family_name: Option<Option<Name>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    locale: Option<Locale>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    time_zone: Option<Zone>,
    #[serde(default, deserialize_with = "present")]
    country: Option<Option<Country>>,
    /// `MM-DD` or `YYYY-MM-DD`; by the member itself once in 365 days.
    #[serde(default, deserialize_with = "present")]
    birthday: Option<Option<Birthday>>,
    /// By storefront and staff.
    #[serde(default, deserialize_with = "present")]
    external_id: Option<Option<ExternalId>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    marketing_consent: Option<bool>,
    /// All of them, at most 50; kept in lower case. By storefront and staff.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, value_type = Option<Vec<String>>, max_items = 50, example = json!(["wholesale"]))]
    tags: Option<Tags>,
}

impl From<MemberChanges> for Changes {
    fn from(ask: MemberChanges) -> Self {
        Self {
            email: ask.email,
            given_name: ask.given_name,
            family_name: ask.family_name,
            locale: ask.locale,
            time_zone: ask.time_zone,
            country: ask.country,
            birthday: ask.birthday,
            external_id: ask.external_id,
            marketing_consent: ask.marketing_consent,
            tags: ask.tags,
        }
    }
}

/// Whom a list of members asks for.
enum Sought {
    Email(Email),
    ExternalId(ExternalId),
    Anyone(Option<Line<100>>, Option<Tag>),
}

/// Reads `email=`, `external_id=`, and `q=` with `tag=`: at most one of them, and for storefronts
/// exactly one that is exact.
fn sought(query: &Query, caller: &Caller) -> Result<Sought, Refusal> {
    let email = query.get::<Email>("email")?;
    let external_id = query.get::<ExternalId>("external_id")?;
    let words = query.get::<Line<100>>("q")?;
    let tag = query.get::<Tag>("tag")?;
    let is_storefront = matches!(caller, Caller::Storefront { .. });
    for (name, is_given) in [("?q", words.is_some()), ("?tag", tag.is_some())] {
        if is_storefront && is_given {
            return Err(Refusal::field(name, "is for staff: ask for `email` or `external_id`"));
        }
    }
    match (email, external_id, words, tag) {
        (Some(email), None, None, None) => Ok(Sought::Email(email)),
        (None, Some(id), None, None) => Ok(Sought::ExternalId(id)),
        (None, None, words, tag) if !is_storefront => Ok(Sought::Anyone(words, tag)),
        (None, None, _, _) => Err(Refusal::field("?", "must have `email` or `external_id`")),
        _ => Err(Refusal::field("?", "must have only one of `email`, `external_id`, `q` or `tag`")),
    }
}

/// Find members: by exact `email` or `external_id`; for staff also by `q`, by `tag`, or all, newest first.
///
/// `q`: each of its words begins a word of a name, the e-mail or the external id, in either case;
/// behind `-`, `'`, `.`, `_`, `+`, `/` and `@` begins another, but none within a domain. A storefront
/// gives exactly one of `email` and `external_id`.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listMembers",
    tag = "Members",
    params(
        ("email" = Option<String>, Query, description = "Exact, however it is written"),
        ("external_id" = Option<String>, Query, description = "Exact"),
        ("q" = Option<String>, Query, description = "For staff: words in names, e-mail, external id"),
        ("tag" = Option<String>, Query, description = "For staff: those with this tag"),
        Paging,
    ),
    responses((status = 200, body = Listing<MemberBody>))
)]
#[get("/v1/members")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let page = query.page()?;
    let after: Option<MemberId> = page.after()?;
    let sought = sought(&query, &call.caller)?;
    let caller = call.caller.clone();
    call.get(move |tx| {
        let found = match &sought {
            Sought::Email(email) => service::find_by_email(tx, email)?.into_iter().collect(),
            Sought::ExternalId(id) => service::find_by_external_id(tx, id)?.into_iter().collect(),
            Sought::Anyone(words, tag) => {
                let words = words.as_ref().map(Line::as_str);
                service::list(tx, words, tag.as_ref(), after, page.rows())?
            }
        };
        listing(tx, &page, found, &caller)
    })
    .await
}

fn listing(
    tx: &mut Tx<'_>,
    page: &Page,
    found: Vec<Member>,
    caller: &Caller,
) -> Result<Listing<MemberBody>> {
    let page = page.cut(found, |member| member.id.to_string(), |member| member);
    let data = MemberBody::all_told(tx, page.data, caller)?;
    Ok(Listing { data, next_cursor: page.next_cursor })
}

/// Read the member who is signed in.
///
/// Comes with the `ETag` for a change of it.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(operation_id = "getOwnMember", tag = "Members", responses((status = 200, body = MemberBody)))]
#[get("/v1/members/me")]
pub async fn read_own(call: Call) -> Answer {
    let Caller::Member(id) = call.caller else {
        return Err(Refusal::Forbidden("this takes a member's access token".to_owned()).into());
    };
    let caller = call.caller.clone();
    call.get_versioned(move |tx| {
        let member = service::read(tx, id, &caller)?;
        MemberBody::versioned(tx, member, &caller)
    })
    .await
}

/// Read a member.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getMember",
    tag = "Members",
    params(("id" = MemberId, Path)),
    responses((status = 200, body = MemberBody))
)]
#[get("/v1/members/{id}")]
pub async fn read(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let caller = call.caller.clone();
    call.get_versioned(move |tx| {
        let member = service::read(tx, id, &caller)?;
        MemberBody::versioned(tx, member, &caller)
    })
    .await
}

/// Change a member's profile.
///
/// Needs `If-Match` with the `ETag` that `GET` gave. Members can't change their `external_id` or
/// `tags`, and their birthday only once in 365 days. A member's own change of `email` sends a letter
/// to the new address; it stays as it was until that is confirmed.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `email_taken`,
/// `external_id_conflict`, `limit_reached`, `invalid_transition`, `precondition_required`,
/// `precondition_failed`, `too_many_requests`.
#[utoipa::path(
    operation_id = "updateMember",
    tag = "Members",
    params(("id" = MemberId, Path)),
    request_body(
        content = MemberChanges,
        example = json!({"family_name": "Jónsdóttir", "birthday": "02-29", "country": null})
    ),
    responses((status = 200, body = MemberBody))
)]
#[patch("/v1/members/{id}")]
pub async fn change(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let seen = call.if_match()?;
    let changes: Changes = call.body::<MemberChanges>()?.into();
    let caller = call.caller.clone();
    if let (Caller::Member(own), Some(_)) = (&caller, &changes.email) {
        let wall = call.store().clock().wall();
        call.app.throttle.count(TOKENS_TO_ONE, &format!("e-mail of {own}"), wall)?;
    }
    call.patch_versioned(move |tx| {
        let member = service::change(tx, id, &changes, &seen, &caller)?;
        MemberBody::versioned(tx, member, &caller)
    })
    .await
}
