//! Examples of the parts that the pages' examples are made of.

use super::cards::{
    BalanceCard, EntryLine, ExpiringLine, LetterLine, RedemptionCard, RewardCard, VoucherCard,
};
use platform::kernel::{clock::Timestamp, locale::Language};

/// A drawing in the manner of the QR codes: three corners, enough to lay out a page.
const QR: &str = r##"<?xml version="1.0" standalone="yes"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" shape-rendering="crispEdges"><rect width="29" height="29" fill="#fff"/><path d="M4 4h7v7H4zM18 4h7v7h-7zM4 18h7v7H4zM13 5h1v3h-1zM15 8h2v1h-2zM13 13h3v3h-3zM18 13h2v1h-2zM22 14h3v2h-3zM5 13h4v1H5zM9 15h3v1H9zM14 19h2v4h-2zM18 19h3v2h-3zM22 22h3v3h-3zM18 23h2v2h-2zM12 24h3v1h-3z"/><path fill="#fff" d="M5 5h5v5H5zM19 5h5v5h-5zM5 19h5v5H5z"/><path d="M6 6h3v3H6zM20 6h3v3h-3zM6 20h3v3H6z"/></svg>"##;

pub(super) fn day(days: i64) -> Timestamp {
    // 21 November 2026, an evening in Reykjavík, and so many days later.
    Timestamp::from_microsecond((1_795_287_060 + days * 86_400) * 1_000_000)
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The text of the sample in the page's language.
pub(super) fn pick(language: Language, en: &str, is: &str) -> String {
    if language == Language::Is { is } else { en }.to_owned()
}

/// Kind, cost, stock, then name and description in both languages.
type Row = (&'static str, i64, Option<i64>, [&'static str; 2], [&'static str; 2]);

const SHELF: [Row; 8] = [
    (
        "voucher",
        150,
        None,
        ["A cup of coffee", "Any coffee from the bar, with a seat by the window."],
        ["Kaffibolli", "Hvaða kaffi sem er, og sæti við gluggann."],
    ),
    (
        "voucher",
        220,
        None,
        ["Cinnamon bun, still warm", "Out of the oven at eight and at two."],
        ["Nýbakaður kanilsnúður", "Beint úr ofninum klukkan átta og tvö."],
    ),
    (
        "product",
        1_200,
        Some(3),
        ["Paperback of the month", "Chosen by the staff and wrapped in paper."],
        ["Kilja mánaðarins", "Starfsfólkið velur hana og við pökkum henni inn."],
    ),
    (
        "product",
        600,
        Some(0),
        ["Tote bag with the plover", "Sturdy cotton, carries nine novels."],
        ["Taupoki með lóunni", "Sterk bómull sem ber níu skáldsögur."],
    ),
    (
        "experience",
        1_400,
        Some(12),
        ["An evening with a poet", "Two seats, two glasses and a poem of your own."],
        ["Kvöldstund með skáldi", "Tvö sæti, tvö glös og ljóð handa þér."],
    ),
    (
        "upgrade",
        500,
        None,
        ["Bottomless filter coffee", "A whole day of refills."],
        ["Áfylling allan daginn", "Við fyllum á bollann allan daginn."],
    ),
    (
        "early_access",
        3_000,
        Some(20),
        ["Early look at the Christmas books", "The night before everyone else."],
        ["Forskot á jólabókaflóðið", "Kvöldið áður en aðrir komast að."],
    ),
    (
        "donation",
        100,
        None,
        ["Plant a birch", "We plant one for you on the slopes of Esja."],
        ["Birkitré í jörð", "Við gróðursetjum eitt fyrir þig í hlíðum Esju."],
    ),
];

pub(super) fn shelf(language: Language) -> Vec<RewardCard> {
    let card = |(at, (kind, cost_points, stock, en, is)): (usize, Row)| {
        let [name, description] = if language == Language::Is { is } else { en };
        RewardCard {
            id: format!("rwd_01m7zr0000000000000000000{at}"),
            name: name.to_owned(),
            description: description.to_owned(),
            kind: kind.to_owned(),
            cost_points,
            image_url: None,
            stock,
            offer: None,
        }
    };
    SHELF.into_iter().enumerate().map(card).collect()
}

pub(super) fn balance() -> BalanceCard {
    let next_expiring = Some(ExpiringLine { points: 121, expires_at: day(40) });
    BalanceCard { available: 1_280, pending: 64, held: 0, debt: 0, next_expiring }
}

pub(super) fn entries(language: Language) -> Vec<EntryLine> {
    let entry = |kind: &str, points, balance_after, days, en, is| EntryLine {
        kind: kind.to_owned(),
        points,
        balance_after,
        why: pick(language, en, is),
        more: pick(
            language,
            "64 points, good until 21 November 2028.",
            "64 punktar til 21. nóvember 2028.",
        ),
        reason: (kind == "perk").then(|| pick(language, "With our thanks!", "Kærar þakkir!")),
        occurred_at: day(days),
    };
    vec![
        entry(
            "earn",
            64,
            1_344,
            -1,
            "Order 20418: ISK 6,400, 1 point for every ISK 100",
            "Pöntun 20418: 6.400 kr., 1 punktur fyrir hverjar 100 kr.",
        ),
        entry("redeem", -150, 1_280, -3, "Redeemed: A cup of coffee", "Innleyst: Kaffibolli"),
        entry(
            "perk",
            100,
            1_430,
            -8,
            "Thank you for telling us about the draughty door",
            "Takk fyrir ábendinguna um súginn í dyrunum",
        ),
        entry(
            "expire",
            -21,
            1_330,
            -20,
            "21 points from November 2024 expired",
            "21 punktur frá nóvember 2024 rann út",
        ),
        entry(
            "earn",
            1_351,
            1_351,
            -30,
            "Order 20117: ISK 135,100, 1 point for every ISK 100",
            "Pöntun 20117: 135.100 kr., 1 punktur fyrir hverjar 100 kr.",
        ),
    ]
}

pub(super) fn redemption(language: Language) -> RedemptionCard {
    RedemptionCard {
        id: "red_01m7zr00000000000000000001".to_owned(),
        reward_name: pick(language, "A cup of coffee", "Kaffibolli"),
        kind: "voucher".to_owned(),
        state: "fulfilled".to_owned(),
        points: 150,
        placed_at: day(-3),
    }
}

pub(super) fn letter(language: Language) -> LetterLine {
    LetterLine {
        id: "let_01m7zr00000000000000000001".to_owned(),
        subject: pick(
            language,
            "Your voucher: A cup of coffee",
            "Inneignarmiðinn þinn: Kaffibolli",
        ),
        from: "Bókakaffi Lóa <hello@example.com>".to_owned(),
        to: "Þórdís Ævarsdóttir <thordis@example.com>".to_owned(),
        sent_at: day(-3),
    }
}

pub(super) fn voucher() -> VoucherCard {
    VoucherCard { code: "7KQ2M9XA4TDE".to_owned(), qr_svg: QR.to_owned(), expires_at: day(362) }
}
