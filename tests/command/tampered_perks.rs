//! Changes to perks and gifts behind Vildar's back, and what an audit must name.

pub const TAMPERED: &[(&str, &str)] = &[
    ("UPDATE perks SET state = 'nonsense'", "state of prk_"),
    ("UPDATE perks SET kind = 'nonsense'", "kind of prk_"),
    ("UPDATE perks SET state = 'granted' WHERE state = 'proposed'", "granted, and when: there"),
    ("UPDATE perks SET state = 'granted' WHERE state = 'proposed'", "an entry of prk_"),
    ("UPDATE perks SET state = 'proposed' WHERE state = 'granted'", "an entry of prk_"),
    ("UPDATE perks SET state = 'granted' WHERE state = 'revoked'", "granted, and when: there"),
    ("UPDATE perks SET kind = 'thank_you' WHERE kind = 'points'", "has points and a reward"),
    ("UPDATE perks SET points = points + 1", "cost_points of prk_"),
    (
        "UPDATE perks SET points = points + 1, cost_points = cost_points + 1 WHERE points > 0",
        "points of entry",
    ),
    ("UPDATE perks SET entry_seq = entry_seq + 1", "the entry of prk_"),
    ("UPDATE perks SET granted_at = granted_at{later}", "the dates of entry"),
    ("UPDATE perks SET granted_at = granted_at{later}", "which prk_"),
    ("UPDATE perks SET ended_at = ended_at{later}", "the dates of entry"),
    ("UPDATE perks SET ended_at = ended_at{later}", "was cancelled with prk_"),
    ("UPDATE perks SET granted_by = 'x' WHERE granted_by IS NOT NULL", "who posted entry"),
    ("UPDATE perks SET granted_by = 'x' WHERE granted_by IS NOT NULL", "whose budget prk_"),
    ("UPDATE perks SET proposed_at = proposed_at{a second later}", "the millisecond"),
    ("UPDATE perks SET taken_back_points = taken_back_points + 1", "taken back and kept of prk_"),
    (
        "UPDATE perks SET taken_back_points = taken_back_points + 1, \
         kept_points = kept_points - 1 WHERE kept_points > 0",
        "taken back of prk_",
    ),
    ("UPDATE perks SET redemption_id = NULL", "for which nothing paid"),
    ("DELETE FROM perks", "for which nothing paid"),
    ("DELETE FROM perks", "the source of entry"),
    ("UPDATE redemptions SET points = 5 WHERE entry_seq IS NULL", "for which nothing paid"),
    ("UPDATE redemptions SET entry_seq = NULL", "for which nothing paid"),
    ("UPDATE redemptions SET entry_seq = 1 WHERE entry_seq IS NULL", "a gift"),
    (
        "UPDATE redemptions SET state = 'fulfilled' WHERE entry_seq IS NULL",
        "was cancelled with prk_",
    ),
];
