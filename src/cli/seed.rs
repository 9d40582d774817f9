//! What the demo begins with: a small bookshop with a café, its customers and what they bought.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    auth::{
        Caller, Role, Scope,
        keys::{self, NewKey},
        passwords, users,
    },
    db::{Store, Tx},
    kernel::{
        error::{Error, Refusal, Result},
        id::MemberId,
        text::Password,
    },
    program::{
        enrolment::{self, Enrolment, Letters},
        members,
        orders::service::{self as orders, Buyer, NewOrder},
        perks,
        redemptions::service::{self as redemptions, Ask},
        rewards, settings,
    },
};

/// Everybody's password in the demo: it listens on loopback only, and holds nothing of worth.
const PASSWORD: &str = "bok-og-kaffi";

/// What a person needs to look around.
pub struct Seeded {
    pub admin: SignIn,
    pub staff: SignIn,
    pub storefront_key: String,
    pub members: Vec<MemberSignIn>,
}

#[derive(Clone, Serialize)]
pub struct SignIn {
    pub email: String,
    pub password: String,
}

#[derive(Clone, Serialize)]
pub struct MemberSignIn {
    pub id: MemberId,
    pub email: String,
    pub password: String,
}

struct Person {
    given_name: &'static str,
    family_name: &'static str,
    email: &'static str,
    locale: &'static str,
    time_zone: &'static str,
    country: &'static str,
    birthday: &'static str,
    consent: bool,
    /// Days ago and minor units of what they bought.
    orders: &'static [(u64, i64)],
}

const PEOPLE: [Person; 6] = [
    Person {
        given_name: "Þórdís",
        family_name: "Ævarsdóttir",
        email: "thordis@example.com",
        locale: "is",
        time_zone: "Atlantic/Reykjavik",
        country: "IS",
        birthday: "1988-12-24",
        consent: true,
        orders: &[(410, 12_450), (200, 8_990), (95, 15_700), (31, 6_480), (3, 4_250)],
    },
    Person {
        given_name: "Emma",
        family_name: "Clarke",
        email: "emma@example.com",
        locale: "en-GB",
        time_zone: "Europe/London",
        country: "GB",
        birthday: "02-29",
        consent: true,
        orders: &[(150, 9_900), (60, 7_320), (20, 11_040)],
    },
    Person {
        given_name: "Jón",
        family_name: "Ragnarsson",
        email: "jon@example.com",
        locale: "is",
        time_zone: "Atlantic/Reykjavik",
        country: "IS",
        birthday: "1975-06-17",
        consent: false,
        orders: &[(700, 21_300), (40, 3_190)],
    },
    Person {
        given_name: "Oliver",
        family_name: "Bennett",
        email: "oliver@example.com",
        locale: "en",
        time_zone: "America/New_York",
        country: "US",
        birthday: "1993-03-08",
        consent: true,
        orders: &[(18, 1_850)],
    },
    Person {
        given_name: "Guðrún",
        family_name: "Hrafnsdóttir",
        email: "gudrun@example.com",
        locale: "is",
        time_zone: "Atlantic/Reykjavik",
        country: "IS",
        birthday: "11-16",
        consent: true,
        orders: &[(365, 31_200), (240, 18_750), (120, 22_400), (33, 40_000)],
    },
    Person {
        given_name: "Kári",
        family_name: "Helgason",
        email: "kari@example.com",
        locale: "is",
        time_zone: "Atlantic/Reykjavik",
        country: "IS",
        birthday: "1975-09-07",
        consent: true,
        orders: &[(310, 64_000), (95, 38_900), (40, 9_900)],
    },
];

/// Who asked for what yesterday: it waits in the console to be handed over.
const WAITING: (&str, &str) = ("kari@example.com", "A paperback of your choice");

/// Fills a fresh database.
pub async fn fill(store: &Store, site: &str) -> Result<Seeded> {
    let bad = |_| Error::internal("the demo's password is not one");
    let password: Password = PASSWORD.parse().map_err(bad)?;
    let hash = passwords::hash(password, store.chance()).await?;
    let site = site.to_owned();
    store
        .write(move |tx| {
            set_up(tx, &site)?;
            add_rewards(tx)?;
            let members = PEOPLE
                .iter()
                .map(|person| enrol(tx, person, &hash))
                .collect::<Result<Vec<MemberSignIn>>>()?;
            ask_for(tx, WAITING)?;
            let scopes = Scope::ALL;
            let key = NewKey::lasting(text("Demo storefront")?, scopes);
            let (_, storefront_key) = keys::create(tx, key)?;
            let (admin, _) = user(tx, "Sigríður", "admin@example.com", Role::Admin, &hash)?;
            let (staff, baldur) = user(tx, "Baldur", "staff@example.com", Role::Staff, &hash)?;
            give_perks(tx, &members, &baldur)?;
            Ok(Seeded { admin, staff, storefront_key, members })
        })
        .await
}

fn set_up(tx: &mut Tx<'_>, site: &str) -> Result<()> {
    let changes = json!({
        "program_name": "Bókakaffi Lóa",
        "public_url": site,
        "storefront_url": site,
        "mail_from": "loa@example.com",
    });
    let changes: Map<String, Value> = serde_json::from_value(changes)?;
    settings::service::change(tx, changes, None)?;
    Ok(())
}

fn add_rewards(tx: &mut Tx<'_>) -> Result<()> {
    for reward in rewards_of_the_shop() {
        rewards::service::add(tx, serde_json::from_value(reward)?)?;
    }
    Ok(())
}

/// Listed newest first, so the cheapest comes last here.
fn rewards_of_the_shop() -> [Value; 8] {
    let euros = |amount: i64| json!({"amount": amount, "currency": "EUR"});
    [
        json!({
            "name": "An evening with the author", "kind": "experience", "cost_points": 1500,
            "description": "A seat by the stove, soup and bread, and an author who reads and stays to talk.",
            "stock": 12, "per_member_limit": 2, "state": "live",
            "terms": "We write to you with the next date within three days.",
        }),
        json!({
            "name": "A paperback of your choice", "kind": "product", "cost_points": 900,
            "description": "Any paperback in the shop. Ask us: we love to be asked.",
            "value": euros(1490), "state": "live",
        }),
        json!({
            "name": "Tote bag with the golden plover", "kind": "product", "cost_points": 600,
            "description": "Heavy cotton, printed in Reykjavík. It carries seven novels.",
            "value": euros(1800), "stock": 3, "per_member_limit": 1, "state": "live",
        }),
        json!({
            "name": "The Christmas book flood, a day early", "kind": "early_access", "cost_points": 250,
            "description": "The new books of the season, a day before everyone else sees them.",
            "state": "live",
        }),
        json!({
            "name": "A book for the children’s ward", "kind": "donation", "cost_points": 200,
            "description": "We take a picture book to the children’s hospital in your name.",
            "value": euros(500), "state": "live",
        }),
        json!({
            "name": "Signed first edition", "kind": "product", "cost_points": 400,
            "description": "From last autumn’s reading. They went in a morning.",
            "stock": 0, "state": "live",
        }),
        json!({
            "name": "Cake of the day", "kind": "voucher", "cost_points": 75,
            "description": "A slice of whatever came out of the oven this morning.",
            "value": euros(650), "state": "live",
        }),
        json!({
            "name": "Coffee of your choice", "kind": "voucher", "cost_points": 50,
            "description": "Any coffee on the board, with a refill if you are reading.",
            "value": euros(520), "state": "live",
        }),
    ]
}

fn enrol(tx: &mut Tx<'_>, person: &Person, hash: &str) -> Result<MemberSignIn> {
    let oldest = person.orders.iter().map(|(days, _)| *days).max().unwrap_or(0);
    let days_ago = |days: u64| tx.now.minus(std::time::Duration::from_secs(days * 24 * 3600));
    let enrolled_at = days_ago(oldest);
    let placed: Vec<_> =
        person.orders.iter().map(|(days, amount)| (days_ago(*days), *amount)).collect();
    let member = enrolment::service::enrol(
        tx,
        Enrolment {
            email: text(person.email)?,
            given_name: text(person.given_name)?,
            family_name: Some(text(person.family_name)?),
            locale: Some(text(person.locale)?),
            time_zone: Some(text(person.time_zone)?),
            country: Some(text(person.country)?),
            birthday: Some(text(person.birthday)?),
            external_id: None,
            referral_code: None,
            marketing_consent: person.consent,
            enrolled_at: Some(enrolled_at),
            password_hash: Some(hash.to_owned()),
        },
        &Caller::System,
        Letters::None,
    )?;
    let currency = settings::service::get(tx)?.currency;
    for (number, (placed_at, amount)) in placed.into_iter().enumerate() {
        let order = NewOrder {
            external_id: format!("{}-{}", person.email, number + 1),
            buyer: Buyer::Id(member.id),
            total: crate::kernel::money::Money { amount, currency },
            lines: None,
            placed_at: Some(placed_at),
            channel: Some(if number % 2 == 0 { "till" } else { "web" }.to_owned()),
        };
        orders::place(tx, &(order, Caller::System))?;
    }
    Ok(MemberSignIn {
        id: member.id,
        email: person.email.to_owned(),
        password: PASSWORD.to_owned(),
    })
}

fn ask_for(tx: &mut Tx<'_>, (email, reward): (&str, &str)) -> Result<()> {
    let member = members::service::find_by_email(tx, &text(email)?)?;
    let live = rewards::service::live(tx)?.into_iter();
    let reward = live.into_iter().find(|one| one.fields.name.as_str() == reward);
    let (Some(member), Some(reward)) = (member, reward) else {
        return Err(Error::internal("the demo lacks somebody, or a reward"));
    };
    let ask = Ask {
        member_id: member.id,
        reward_id: reward.id,
        quantity: 1,
        order_ref: None,
        channel: Some("web".to_owned()),
    };
    redemptions::redeem(tx, &ask, &Caller::Member(member.id))?;
    Ok(())
}

fn user(
    tx: &mut Tx<'_>,
    name: &str,
    email: &str,
    role: Role,
    hash: &str,
) -> Result<(SignIn, Caller)> {
    let user = users::create(tx, &text(email)?, &text(name)?, role, hash)?.id;
    let sign_in = SignIn { email: email.to_owned(), password: PASSWORD.to_owned() };
    Ok((sign_in, Caller::Staff { user, role }))
}

/// One that was given, with its letter, and one that waits for another person: it is above the
/// limit of who thought of it.
fn give_perks(tx: &mut Tx<'_>, members: &[MemberSignIn], by: &Caller) -> Result<()> {
    let id = |email: &str| members.iter().find(|member| member.email == email).map(|one| one.id);
    let asks = [
        json!({
            "member_id": id("gudrun@example.com"), "kind": "points", "points": 150,
            "title": "Takk fyrir ábendinguna um súginn í dyrunum",
            "reason": "told us about the draughty door",
            "message": "Nú er hlýtt hjá okkur í kaffinu, þökk sé þér.\nBaldur", "send_letter": true,
        }),
        json!({
            "member_id": id("emma@example.com"), "kind": "points", "points": 750,
            "title": "Thank you for reading to the little ones",
            "reason": "read to the children for two hours when our author fell ill",
            "message": "They still ask when you are coming back.", "send_letter": true,
        }),
    ];
    for ask in asks {
        perks::service::give(tx, &serde_json::from_value(ask)?, by)?;
    }
    Ok(())
}

/// The demo's own texts, read as anybody's are.
fn text<T: std::str::FromStr<Err: std::fmt::Display>>(value: &str) -> Result<T> {
    value.parse().map_err(|why| Refusal::field("demo", format!("{value}: {why}")).into())
}
