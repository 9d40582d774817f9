//! What the document says in prose: the rules that all operations share, and what each group of
//! them is about.

use utoipa::openapi::{Tag, tag::TagBuilder};

/// The rules of the API, as Markdown.
pub const ABOUT: &str = "\
Members, a points ledger, rewards and redemption, referrals, perks, letters and greetings.

**Credentials.** `Authorization: Bearer …` with a storefront's API key (`vk_…`, for servers, never \
for browsers) or with an access token from `POST /v1/sessions`. Each operation says who may call it.

**Values.** JSON in UTF-8. Ids are a prefix and 26 characters. Instants are RFC 3339 in UTC, dates \
`YYYY-MM-DD`. Points are whole numbers; money is an amount in minor units with its ISO 4217 \
currency. Fields that a request does not know are refused; answers may get new fields and enums \
new words, so ignore what you don't know.

**Errors** are RFC 9457 problems with a stable `code`: branch on that. All codes are listed at \
[/docs/problems](/docs/problems). `errors` names every field at fault, by its JSON pointer.

**Idempotency.** A POST takes an `Idempotency-Key`: 1 to 255 visible characters, a new one for each \
thing that you want done. The same key with the same request answers what the first one answered, \
with `Idempotent-Replayed: true`, for 48 hours; with another request it is refused. So a request \
whose answer was lost is sent again, unchanged, with the same key.

**Lists** are `{\"data\": […], \"next_cursor\": …}`, newest first. `?limit=` takes 1 to 100, 20 \
unless given; send `next_cursor` as `?cursor=` to go on; at the end it is null.

**Versions.** What can be changed comes with an `ETag`. Send it back as `If-Match` with a PATCH: \
where somebody was faster, that is 412 and nothing is overwritten.

**Dry runs.** Where `?dry_run=true` is taken, it answers with 200 what would happen, with null for \
ids and codes, and changes nothing.

**Limits.** A body is at most 1 MiB. Sign-in, unknown codes and the like are throttled: 429, with \
`Retry-After` in seconds. 503 has it too: the server is busy, or its database away. Wait for so \
long, then send the same again with the same key.

**Changes.** Within `/v1` nothing is taken away or gets another meaning. What is to go is told in \
the changelog a year before, and answers with `Deprecation` and `Sunset` headers until then.";

/// The groups of operations, in the order in which a newcomer needs them.
pub fn tags() -> Vec<Tag> {
    const ABOUT: &[(&str, &str)] = &[
        (
            "Members",
            "The people of the program: enrolment, profiles, preferences, export, erasure.",
        ),
        ("Sessions", "Signing in, and passwords. Storefronts sign their own customers in."),
        ("Points", "Balances, entries of the ledger, statements, transfers."),
        ("Orders", "What members bought: orders earn, refunds take back."),
        ("Holds", "Points set aside while an order is paid."),
        ("Rewards", "The catalogue: what points can be spent on."),
        ("Redemptions", "Spending points, and the vouchers that come of it."),
        ("Referrals", "Members who bring friends: codes, links, what comes of them."),
        ("Perks", "What staff give by hand, within a limit and a budget."),
        (
            "Thanks",
            "What is owed to people for what they did, and who of the staff gives it by when.",
        ),
        (
            "Occasions",
            "Birthdays, anniversaries, holidays and other days on which members are greeted.",
        ),
        ("Surveys", "One question at a time: surveys, asks, answers, the score."),
        ("Topics", "What members talk about, and where the shop stands on it."),
        ("Announcements", "Telling those who said something what became of it."),
        ("Segments", "Members by conditions, for surveys and whatever else is for some of them."),
        ("Letters", "What was mailed, and what mail servers report of it."),
        ("Settings", "The rules of the program."),
        ("Users", "Staff, and what they may do."),
        ("API keys", "Storefronts' keys, with scopes."),
        ("Standing by", "Whether the server is up, for those who run it."),
    ];
    let tag = |(name, about): &(&str, &str)| {
        TagBuilder::new().name(*name).description(Some(*about)).build()
    };
    ABOUT.iter().map(tag).collect()
}
