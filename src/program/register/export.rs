//! Everything that is known about a member, as one JSON: what a person may ask for. It is told
//! piece by piece, each list a page at a time.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, Ref, RefOr, Schema,
        schema::{AdditionalProperties, ArrayBuilder, OneOfBuilder, Type},
    },
};

use super::{facts, lists};
use crate::{
    ledger::{self, Settled},
    members,
};
use platform::{
    auth::Caller,
    db::{
        Tx,
        personal::{Cursor, List, Subject},
    },
    http::{
        outline::Outline,
        streams::{PIECE, Pieces},
    },
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
    },
};

/// What the lists are called.
static LISTS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| lists().map(|list| list.name).collect());

/// Everything about a member: when it was told, then all facts of the register, then its lists.
#[derive(Debug)]
pub struct Export;

impl PartialSchema for Export {
    fn schema() -> RefOr<Schema> {
        let any = || {
            let free = AdditionalProperties::FreeForm(true);
            ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(free)).build()
        };
        let mut whole = ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("Everything about a member. Lists are oldest first."))
            .property("exported_at", Timestamp::schema())
            .required("exported_at");
        for fact in facts() {
            let shown: RefOr<Schema> = match fact.name {
                "member" => Ref::from_schema_name("Member").into(),
                // of who was erased there is none
                _ => OneOfBuilder::new()
                    .item(any())
                    .item(ObjectBuilder::new().schema_type(Type::Null))
                    .into(),
            };
            whole = whole.property(fact.name, shown).required(fact.name);
        }
        for list in lists() {
            let rows = ArrayBuilder::new().items(any()).description(list.about);
            whole = whole.property(list.name, rows).required(list.name);
        }
        whole.into()
    }
}

impl ToSchema for Export {}

/// Reads what stands before the lists. To be called on one snapshot.
///
/// # Errors
/// An unknown member.
pub fn open(tx: &mut Tx<'_>, of: Settled<'_>, caller: &Caller) -> Result<Told> {
    let id = of.member();
    members::service::read(tx, id, caller)?;
    let subject = Subject { id, last_seq: ledger::last_seq(tx, of)?, as_of: tx.now };
    let mut whole = Map::new();
    whole.insert("exported_at".to_owned(), json!(tx.now));
    for fact in facts() {
        whole.insert(fact.name.to_owned(), (fact.read)(tx, &subject)?);
    }
    whole.extend(LISTS.iter().map(|name| ((*name).to_owned(), json!([]))));
    let outline = Outline::of(&Value::Object(whole), &LISTS)?;
    Ok(Told { subject, outline, step: Step::Outline })
}

/// An export told piece by piece.
pub struct Told {
    subject: Subject,
    outline: Outline,
    step: Step,
}

enum Step {
    /// On to the next list.
    Outline,
    /// The rows of a list, behind a cursor.
    Rows(List, Option<Cursor>),
    Over,
}

impl Pieces for Told {
    fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Vec<u8>>> {
        let Self { subject, outline, step } = self;
        let mut out = Vec::new();
        while out.len() < PIECE {
            *step = match *step {
                Step::Outline => match outline.next_list(&mut out)? {
                    Some(name) => Step::Rows(list(&name)?, None),
                    None => Step::Over,
                },
                Step::Rows(list, after) => {
                    let rows = (list.page)(tx, subject, after)?;
                    for (_, row) in &rows {
                        outline.row(row, &mut out)?;
                    }
                    rows.last().map_or(Step::Outline, |(last, _)| Step::Rows(list, Some(*last)))
                }
                Step::Over => break,
            };
        }
        Ok((!out.is_empty()).then_some(out))
    }
}

fn list(name: &str) -> Result<List> {
    let known = lists().find(|list| list.name == name);
    known.ok_or_else(|| Error::internal("a list that nobody reads"))
}
