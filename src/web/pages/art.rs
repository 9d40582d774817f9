//! Which drawing a reward gets: some kinds have their own, the others go by words in the name.

/// The drawings, as templates to include by name.
pub(super) const DRAWINGS: [(&str, &str); 9] = [
    ("art/book.svg", include_str!("../../../templates/pages/art/book.svg")),
    ("art/cake.svg", include_str!("../../../templates/pages/art/cake.svg")),
    ("art/coffee.svg", include_str!("../../../templates/pages/art/coffee.svg")),
    ("art/evening.svg", include_str!("../../../templates/pages/art/evening.svg")),
    ("art/gift.svg", include_str!("../../../templates/pages/art/gift.svg")),
    ("art/key.svg", include_str!("../../../templates/pages/art/key.svg")),
    ("art/star.svg", include_str!("../../../templates/pages/art/star.svg")),
    ("art/tote.svg", include_str!("../../../templates/pages/art/tote.svg")),
    ("art/tree.svg", include_str!("../../../templates/pages/art/tree.svg")),
];

/// Beginnings of words in English and Icelandic; the first row that matches wins.
const WORDS: [(&str, &[&str]); 7] = [
    ("tote", &["tote", "bag", "poki", "taupoki", "taska"]),
    ("tree", &["tree", "forest", "birch", "tré", "skóg", "birki", "donat", "styrk"]),
    ("evening", &["evening", "reading", "concert", "kvöld", "upplest", "tónleik"]),
    ("gift", &["gift", "voucher", "gjaf"]),
    ("cake", &["cake", "bun", "pastry", "cinnamon", "kaka", "köku", "klein", "snúð", "kanil"]),
    (
        "coffee",
        &["coffee", "cappuccino", "latte", "espresso", "cup", "tea", "kaffi", "bolli", "te"],
    ),
    ("book", &["book", "novel", "paperback", "bók", "kilj", "skáldsag"]),
];

/// The name of a drawing in `art/`, without its ending.
pub(super) fn choose(kind: &str, name: &str) -> &'static str {
    match kind {
        "upgrade" => "star",
        "early_access" => "key",
        "donation" => "tree",
        "experience" => by_name(name).unwrap_or("evening"),
        "product" => by_name(name).unwrap_or("book"),
        _ => by_name(name).unwrap_or("gift"),
    }
}

fn by_name(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    let said = |stem: &&str| words.iter().any(|word| matches(word, stem));
    let row = WORDS.iter().find(|(_, stems)| stems.iter().any(said))?;
    Some(row.0)
}

/// A short stem must be the whole word (`te` is tea, `tent` is not); a longer one may go on.
fn matches(word: &str, stem: &str) -> bool {
    if stem.chars().count() < 4 { word == stem } else { word.starts_with(stem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reward_gets_the_drawing_that_its_name_suggests() {
        assert_eq!(choose("product", "Any coffee, any size"), "coffee");
        assert_eq!(choose("product", "Kaffibolli að eigin vali"), "coffee");
        assert_eq!(choose("experience", "Upplestrarkvöld"), "evening");
        assert_eq!(choose("product", "Taupoki Lóu"), "tote");
        assert_eq!(choose("donation", "Plant a birch"), "tree");
        assert_eq!(choose("upgrade", "Something else"), "star");
        assert_eq!(choose("unheard_of", "A tent"), "gift");
    }
}
