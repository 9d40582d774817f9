//! What the demo begins with: a small bookshop with a café, its customers and what they bought.

mod friends;
mod listening;
mod occasions;

use serde::Serialize;
use serde_json::{Map, Value, json};

use platform::{
    auth::{
        Caller, Role, Scope,
        keys::{self, NewKey},
        passwords, users,
    },
    db::{Store, Tx},
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::MemberId,
        locale::{Language, Reader},
        text::Password,
    },
    settings,
};
use program::{
    enrolment::{self, Enrolment, Letters},
    members::{self, likeness::Hints},
    orders::service::{self as orders, Buyer, NewOrder},
    perks,
    redemptions::service::{self as redemptions, Ask},
    rewards,
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
        orders: &[(363, 31_200), (240, 18_750), (120, 22_400), (33, 40_000)],
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
                .map(|person| enrol(tx, person, &hash, None))
                .collect::<Result<Vec<MemberSignIn>>>()?;
            ask_for(tx, WAITING)?;
            let scopes = Scope::ALL;
            let key = NewKey::lasting(text("Demo storefront")?, scopes);
            let (_, storefront_key) = keys::create(tx, key)?;
            let (admin, sigridur) = user(tx, "Sigríður", "admin@example.com", Role::Admin, &hash)?;
            let (staff, baldur) = user(tx, "Baldur", "staff@example.com", Role::Staff, &hash)?;
            give_perks(tx, &members, &baldur)?;
            let thordis = members.first().ok_or_else(|| Error::internal("the demo is empty"))?;
            friends::add(tx, thordis.id, &baldur, &hash)?;
            occasions::add(tx)?;
            listening::add(tx, thordis.id, &sigridur, &baldur)?;
            Ok(Seeded { admin, staff, storefront_key, members })
        })
        .await
}

fn set_up(tx: &mut Tx<'_>, site: &str) -> Result<()> {
    let changes = json!({
        "program_name": "Bókakaffi Lóa",
        "time_zone": "Atlantic/Reykjavik",
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
        rewards::service::add(tx, serde_json::from_value(reward)?, &Caller::System)?;
    }
    Ok(())
}

/// Listed newest first, so the cheapest comes last here.
fn rewards_of_the_shop() -> [Value; 8] {
    let euros = |amount: i64| json!({"amount": amount, "currency": "EUR"});
    [
        json!({
            "name": {"en": "An evening with the author", "is": "Kvöldstund með höfundi"},
            "description": {
                "en": "A seat by the stove, soup and bread, and an author who reads and stays to talk.",
                "is": "Sæti við ofninn, súpa og brauð, og höfundur sem les og spjallar á eftir.",
            },
            "terms": {
                "en": "We write to you with the next date within three days.",
                "is": "Við skrifum þér með næstu dagsetningu innan þriggja daga.",
            },
            "kind": "experience", "cost_points": 1500, "stock": 12, "per_member_limit": 2,
            "state": "live",
        }),
        json!({
            "name": {"en": "A paperback of your choice", "is": "Kilja að eigin vali"},
            "description": {
                "en": "Any paperback in the shop. Ask us: we love to be asked.",
                "is": "Hvaða kilja sem er úr búðinni. Spurðu okkur: við höfum gaman af því.",
            },
            "kind": "product", "cost_points": 900, "value": euros(1490), "state": "live",
        }),
        json!({
            "name": {"en": "Tote bag with the golden plover", "is": "Taupoki með lóunni"},
            "description": {
                "en": "Heavy cotton, printed in Reykjavík. It carries seven novels.",
                "is": "Þykk bómull, prentuð í Reykjavík. Hann ber sjö skáldsögur.",
            },
            "kind": "product", "cost_points": 600, "value": euros(1800), "stock": 3,
            "per_member_limit": 1, "state": "live",
        }),
        json!({
            "name": {
                "en": "The Christmas book flood, a day early",
                "is": "Jólabókaflóðið, degi á undan öðrum",
            },
            "description": {
                "en": "The new books of the season, a day before everyone else sees them.",
                "is": "Nýju bækurnar, einum degi áður en aðrir sjá þær.",
            },
            "kind": "early_access", "cost_points": 250, "state": "live",
        }),
        json!({
            "name": {"en": "A book for the children’s ward", "is": "Bók handa barnadeildinni"},
            "description": {
                "en": "We take a picture book to the children’s hospital in your name.",
                "is": "Við förum með myndabók á barnaspítalann í þínu nafni.",
            },
            "kind": "donation", "cost_points": 200, "value": euros(500), "state": "live",
        }),
        json!({
            "name": {"en": "Signed first edition", "is": "Árituð frumútgáfa"},
            "description": {
                "en": "From last autumn’s reading. They went in a morning.",
                "is": "Frá upplestrinum síðasta haust. Þær fóru á einum morgni.",
            },
            "kind": "product", "cost_points": 400, "stock": 0, "state": "live",
        }),
        json!({
            "name": {"en": "Cake of the day", "is": "Kaka dagsins"},
            "description": {
                "en": "A slice of whatever came out of the oven this morning.",
                "is": "Sneið af því sem kom úr ofninum í morgun.",
            },
            "kind": "voucher", "cost_points": 75, "value": euros(650), "state": "live",
        }),
        json!({
            "name": {"en": "Coffee of your choice", "is": "Kaffi að eigin vali"},
            "description": {
                "en": "Any coffee on the board, with a refill if you are reading.",
                "is": "Hvaða kaffi sem er af töflunni, og ábót ef þú ert að lesa.",
            },
            "kind": "voucher", "cost_points": 50, "value": euros(520), "state": "live",
        }),
    ]
}

/// Makes a member with what it bought; one who came by a code, when.
fn enrol(
    tx: &mut Tx<'_>,
    person: &Person,
    hash: &str,
    by_code: Option<(&str, Timestamp)>,
) -> Result<MemberSignIn> {
    let oldest = person.orders.iter().map(|(days, _)| *days).max().unwrap_or(0);
    let days_ago = |days: u64| tx.now.minus(std::time::Duration::from_secs(days * 24 * 3600));
    let enrolled_at = by_code.map_or_else(|| days_ago(oldest), |(_, joined_at)| joined_at);
    let placed: Vec<_> =
        person.orders.iter().map(|(days, amount)| (days_ago(*days), *amount)).collect();
    let member = enrolment::service::enrol(
        tx,
        &Enrolment {
            email: text(person.email)?,
            given_name: text(person.given_name)?,
            family_name: Some(text(person.family_name)?),
            locale: Some(text(person.locale)?),
            time_zone: Some(text(person.time_zone)?),
            country: Some(text(person.country)?),
            birthday: Some(text(person.birthday)?),
            external_id: None,
            referral_code: by_code.map(|(code, _)| code.to_owned()),
            hints: Hints::default(),
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
            total: platform::kernel::money::Money { amount, currency },
            lines: None,
            placed_at: Some(placed_at),
            channel: Some(if number % 2 == 0 { "till" } else { "web" }.to_owned()),
            hints: Hints::default(),
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
    let english = Reader { wanted: vec![Language::En.into()], program: Language::En.into() };
    let reward = live.into_iter().find(|one| one.name(&english) == reward);
    let (Some(member), Some(reward)) = (member, reward) else {
        return Err(Error::internal("the demo lacks somebody, or a reward"));
    };
    let ask = Ask {
        member_id: member.id,
        reward_id: reward.id,
        quantity: 1,
        order_ref: None,
        channel: Some("web".to_owned()),
        max_points: None,
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
