//! The same conditions in the database's words, asked of all members at once. What a member has many of
//! is counted where it lies, by the member's own rows in an index, so that a page stops where it is full
//! and a count goes through the members once. Every condition is true or false and never unknown, so
//! that `NOT` turns it around.

use super::{
    Plan,
    facts::days_until,
    field::{Field, Kind},
    leaf::{Leaf, Op, Operand},
    plan::{Frame, Node, Span},
};
use platform::{
    db::clause::Clause,
    kernel::{clock::Timestamp, text::Birthday},
};

impl Plan {
    /// The condition on a row of `members`.
    #[must_use]
    pub fn clause(&self) -> Clause {
        let mut clause = Clause::default();
        write(&self.root, &self.frame, &mut clause);
        clause
    }
}

fn write(node: &Node, frame: &Frame, to: &mut Clause) {
    match node {
        Node::All(parts) => join(parts, " AND ", frame, to),
        Node::Any(parts) => join(parts, " OR ", frame, to),
        Node::Not(part) => {
            to.sql("NOT ");
            within(part, frame, to);
        }
        Node::Leaf(leaf, span) => within_leaf(leaf, *span, frame, to),
        Node::Segments { leaf, of } => {
            to.sql(if leaf.op.denies() { "NOT (" } else { "(" });
            for (place, (_, segment)) in of.iter().enumerate() {
                to.sql(if place == 0 { "" } else { " OR " });
                within(segment, frame, to);
            }
            to.sql(")");
        }
    }
}

fn within(node: &Node, frame: &Frame, to: &mut Clause) {
    to.sql("(");
    write(node, frame, to);
    to.sql(")");
}

fn join(parts: &[Node], word: &'static str, frame: &Frame, to: &mut Clause) {
    for (place, part) in parts.iter().enumerate() {
        to.sql(if place == 0 { "" } else { word });
        within(part, frame, to);
    }
}

fn within_leaf(leaf: &Leaf, span: Span, frame: &Frame, to: &mut Clause) {
    match leaf.field {
        Field::Tier => text("members.tier", leaf, to),
        Field::Country => text("members.country", leaf, to),
        Field::Locale => locale(leaf, to),
        Field::Tag => tag(leaf, to),
        // a plan has these in their places
        Field::Segment => to.sql("1 = 0"),
        Field::MarketingConsent => {
            let wanted = leaf.operand == Operand::Flag(true);
            to.sql(if wanted == leaf.op.denies() { "NOT " } else { "" });
            to.sql("members.marketing_consent");
        }
        Field::EnrolledDays => days(|to| to.sql("members.enrolled_at"), leaf, frame, to),
        Field::BirthdayInDays => birthday(leaf, frame, to),
        Field::LastOrderDays => {
            let last = |to: &mut Clause| {
                to.sql(
                    "(SELECT MAX(orders.placed_at) FROM orders WHERE orders.member_id = members.id \
                     AND orders.cancelled_at IS NULL AND orders.placed_at < ",
                );
                to.time(frame.moment);
                to.sql(")");
            };
            days(last, leaf, frame, to);
        }
        _ => {
            measure(leaf, span, frame, to);
            number(leaf, to);
        }
    }
}

fn numbers(leaf: &Leaf) -> &[i64] {
    match &leaf.operand {
        Operand::Numbers(numbers) => numbers,
        _ => &[],
    }
}

fn texts(leaf: &Leaf) -> &[String] {
    match &leaf.operand {
        Operand::Texts(texts) => texts,
        _ => &[],
    }
}

/// Whether a column is there, as `exists` asks.
fn exists(column: &'static str, leaf: &Leaf, to: &mut Clause) {
    to.sql(column);
    to.sql(if leaf.operand == Operand::Flag(true) { " IS NOT NULL" } else { " IS NULL" });
}

/// What comes before a value that may be missing, so that the whole is never unknown: `ne` is fulfilled
/// without one, all else is not.
const fn if_missing(op: Op) -> &'static str {
    if matches!(op, Op::Ne) { " IS NULL OR " } else { " IS NOT NULL AND " }
}

fn text(column: &'static str, leaf: &Leaf, to: &mut Clause) {
    if leaf.op == Op::Exists {
        return exists(column, leaf, to);
    }
    to.sql(column);
    to.sql(if_missing(leaf.op));
    to.sql(if leaf.op.denies() { "NOT " } else { "" });
    to.sql(column);
    to.among_texts(texts(leaf).to_vec());
}

fn locale(leaf: &Leaf, to: &mut Clause) {
    to.sql(if leaf.op.denies() { "NOT (" } else { "(" });
    to.sql("members.locale");
    to.among_texts(texts(leaf).to_vec());
    let languages: Vec<String> =
        texts(leaf).iter().filter(|text| !text.contains('-')).cloned().collect();
    if !languages.is_empty() {
        // a tag begins with its language, and a country or more may follow
        to.either(
            " OR split_part(members.locale, '-', 1)",
            " OR substr(members.locale, 1, instr(members.locale || '-', '-') - 1)",
        );
        to.among_texts(languages);
    }
    to.sql(")");
}

fn tag(leaf: &Leaf, to: &mut Clause) {
    let wanted = leaf.operand != Operand::Flag(false);
    to.sql(if leaf.op.denies() || !wanted { "NOT " } else { "" });
    to.sql("EXISTS (SELECT 1 FROM member_tags WHERE member_tags.member_id = members.id");
    if leaf.op != Op::Exists {
        to.sql(" AND member_tags.tag");
        to.among_texts(texts(leaf).to_vec());
    }
    to.sql(")");
}

/// Compares days since an instant: whole days of the program's calendar, and so stretches between
/// midnights.
fn days(instant: impl Fn(&mut Clause), leaf: &Leaf, frame: &Frame, to: &mut Clause) {
    let first = numbers(leaf).first().copied().unwrap_or_default();
    // the instants so many days ago or more lie before this one
    let end = |days: i64| midnight(frame, days - 1);
    let stretch = |days: &i64| (end(days + 1), end(*days));
    let one_side = |word: &'static str, edge: Timestamp, to: &mut Clause| {
        to.sql("COALESCE(");
        instant(to);
        to.sql(word);
        to.time(edge);
        to.sql(", FALSE)");
    };
    match leaf.op {
        Op::Exists => {
            instant(to);
            to.sql(if leaf.operand == Operand::Flag(true) { " IS NOT NULL" } else { " IS NULL" });
        }
        Op::Lt => one_side(" >= ", end(first), to),
        Op::Lte => one_side(" >= ", end(first + 1), to),
        Op::Gt => one_side(" < ", end(first + 1), to),
        Op::Gte => one_side(" < ", end(first), to),
        Op::Between => {
            let last = numbers(leaf).get(1).copied().unwrap_or(first);
            to.within(&instant, vec![(end(last + 1), end(first))]);
        }
        Op::Eq | Op::In => to.within(&instant, numbers(leaf).iter().map(stretch).collect()),
        Op::Ne | Op::NotIn => {
            if leaf.op == Op::NotIn {
                instant(to);
                to.sql(" IS NOT NULL AND ");
            }
            to.sql("NOT ");
            to.within(&instant, numbers(leaf).iter().map(stretch).collect());
        }
    }
}

/// The midnight that began the day so many days ago.
fn midnight(frame: &Frame, days: i64) -> Timestamp {
    frame.zone.midnight(frame.today.saturating_sub(jiff::Span::new().days(days)))
}

/// The days of the year that are so many days off, by their names: few of 366 mostly, and found in
/// order by the index of birthdays.
fn birthday(leaf: &Leaf, frame: &Frame, to: &mut Clause) {
    if leaf.op == Op::Exists {
        return exists("members.birthday", leaf, to);
    }
    let days: Vec<String> = every_day()
        .filter(|day| super::judge::compares(days_until(*day, frame), leaf.op, numbers(leaf)))
        .map(|day| day.to_string())
        .collect();
    to.sql("members.birthday");
    to.sql(if_missing(leaf.op));
    to.sql("substr(birthday, length(birthday) - 4)");
    to.among_texts(days);
}

/// All days on which somebody is born.
fn every_day() -> impl Iterator<Item = Birthday> {
    (1..=12).flat_map(|month| {
        (1..=31).filter_map(move |day| {
            // 2000 was a leap year, so every possible day exists in it
            jiff::civil::Date::new(2000, month, day).ok()?;
            Some(Birthday { year: None, month, day })
        })
    })
}

fn number(leaf: &Leaf, to: &mut Clause) {
    let first = numbers(leaf).first().copied().unwrap_or_default();
    let word = match leaf.op {
        Op::Eq => " = ",
        Op::Ne => " <> ",
        Op::Lt => " < ",
        Op::Lte => " <= ",
        Op::Gt => " > ",
        Op::Gte => " >= ",
        Op::Between => " BETWEEN ",
        Op::In | Op::NotIn | Op::Exists => {
            to.sql(if leaf.op.denies() { " NOT" } else { "" });
            return to.in_numbers(numbers(leaf).to_vec());
        }
    };
    to.sql(word);
    to.number(first);
    if leaf.op == Op::Between {
        to.sql(" AND ");
        to.number(numbers(leaf).get(1).copied().unwrap_or(first));
    }
}

const ORDERS: &str =
    " FROM orders WHERE orders.member_id = members.id AND orders.cancelled_at IS NULL";

/// What a measure comes to for the member of the row.
fn measure(leaf: &Leaf, span: Span, frame: &Frame, to: &mut Clause) {
    debug_assert_eq!(leaf.field.kind(), Kind::Measure);
    let counted = |column: &'static str, to: &mut Clause| {
        if let Some(from) = span.from {
            to.sql(" AND ");
            to.sql(column);
            to.sql(" >= ");
            to.time(from);
        }
        to.sql(" AND ");
        to.sql(column);
        to.sql(" < ");
        to.time(span.to);
    };
    match leaf.field {
        Field::Orders => {
            to.sql("(SELECT COUNT(*)");
            to.sql(ORDERS);
            counted("orders.placed_at", to);
            to.sql(")");
        }
        Field::SpendMinorUnits => {
            to.sql("(SELECT COALESCE(SUM(orders.amount - orders.refunded_amount), 0)");
            to.sql(ORDERS);
            to.sql(" AND orders.currency = ");
            to.text(frame.currency.code().to_owned());
            counted("orders.placed_at", to);
            to.sql(")");
        }
        Field::PointsEarned => {
            to.sql(
                "((SELECT COALESCE(SUM(entries.points), 0) FROM entries \
                 WHERE entries.member_id = members.id AND entries.kind IN ('earn', 'referral')",
            );
            counted("entries.occurred_at", to);
            // what staff undid by hand
            to.either(
                " AND entries.seq NOT IN (SELECT CAST(undone.rule ->> 'entry_seq' AS BIGINT)",
                " AND entries.seq NOT IN (SELECT json_extract(undone.rule, '$.entry_seq')",
            );
            to.sql(
                " FROM entries AS undone WHERE undone.member_id = members.id \
                 AND undone.source_type = 'entry')) \
                 - (SELECT COALESCE(SUM(orders.clawed_points), 0) FROM orders \
                 WHERE orders.member_id = members.id",
            );
            counted("orders.placed_at", to);
            to.sql(
                ") - (SELECT COALESCE(SUM(paid.points), 0) FROM referral_payouts AS paid \
                 WHERE paid.member_id = members.id AND paid.entry_seq IS NOT NULL \
                 AND paid.reversed_at IS NOT NULL",
            );
            counted("paid.paid_at", to);
            to.sql("))");
        }
        Field::PointsRedeemed => {
            to.sql(
                "((SELECT COALESCE(SUM(-entries.points), 0) FROM entries \
                 WHERE entries.member_id = members.id AND entries.kind = 'redeem'",
            );
            counted("entries.occurred_at", to);
            to.sql(
                ") - (SELECT COALESCE(SUM(back.points / back.quantity * back.cancelled_quantity), 0) \
                 FROM redemptions AS back WHERE back.member_id = members.id",
            );
            counted("back.placed_at", to);
            to.sql("))");
        }
        _ => {
            to.sql(
                "(SELECT COUNT(*) FROM referrals WHERE referrals.referrer_id = members.id \
                 AND referrals.state = 'rewarded'",
            );
            counted("referrals.rewarded_at", to);
            to.sql(")");
        }
    }
}
