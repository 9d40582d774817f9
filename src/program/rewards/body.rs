//! A reward as one reader sees it.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema,
        schema::{OneOfBuilder, Type},
    },
};

use super::{NewReward, Reward};
use crate::members;
use platform::{
    auth::Caller,
    db::Tx,
    http::Reply,
    kernel::{
        error::Result,
        id::{MemberId, RewardId},
        locale::{Locale, Reader},
        text::{Name, Prose, Remark},
        texts::{self, Texts},
    },
    settings::{self, Settings},
};

/// A reward of the catalogue, its texts in the reader's language.
#[derive(Clone, Debug, Serialize)]
pub struct RewardBody {
    id: RewardId,
    /// Each text in one language.
    #[serde(flatten)]
    fields: NewReward,
    has_codes: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    translations: Option<Translations>,
}

/// The texts in every language that they are in.
#[derive(Clone, Debug, Serialize)]
struct Translations {
    name: Texts<Name>,
    description: Texts<Remark<5000>>,
    terms: Option<Texts<Prose<5000>>>,
}

/// How rewards are shown to one reader.
pub struct Showing {
    reader: Reader,
    settings: Settings,
}

impl Showing {
    /// A member reads in their own language; others in the one that they ask for by
    /// `Accept-Language`, else in the program's.
    ///
    /// # Errors
    /// No such member.
    pub fn to(tx: &mut Tx<'_>, caller: &Caller, asked: Vec<Locale>) -> Result<Self> {
        let settings = settings::service::get(tx)?;
        let program = settings.locale.clone();
        let reader = match caller {
            Caller::Member(member) => members::service::get(tx, *member)?.reader(&program),
            _ => Reader { wanted: asked, program },
        };
        Ok(Self { reader, settings })
    }

    /// With all its translations.
    #[must_use]
    pub fn with_translations(&self, reward: Reward) -> RewardBody {
        let program = &self.settings.locale;
        let NewReward { name, description, terms, .. } = &reward.fields;
        let translations = Some(Translations {
            name: name.named(program),
            description: description.named(program),
            terms: terms.as_ref().map(|terms| terms.named(program)),
        });
        RewardBody { translations, ..self.in_one_language(reward) }
    }

    /// In the reader's language alone.
    #[must_use]
    pub fn in_one_language(&self, reward: Reward) -> RewardBody {
        let Reward { id, mut fields, has_codes, .. } = reward;
        fields.name = fields.name.said_to(&self.reader);
        fields.description = fields.description.said_to(&self.reader);
        fields.terms = fields.terms.map(|terms| terms.said_to(&self.reader));
        fields.image_url = fields.image_url.map(|url| url.absolute(&self.settings));
        RewardBody { id, fields, has_codes, translations: None }
    }
}

impl Reply for RewardBody {
    const MADE: &'static [&'static str] = &["/id"];

    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

/// What the document has of [`RewardBody`] and not of [`NewReward`], or otherwise.
#[derive(ToSchema)]
#[expect(dead_code, reason = "for its schema alone")]
struct Otherwise {
    id: RewardId,
    name: Name,
    description: Remark<5000>,
    terms: Option<Prose<5000>>,
    /// Whether it hands out the codes of an uploaded list: then `stock` is how many are left.
    has_codes: bool,
}

impl PartialSchema for RewardBody {
    fn schema() -> RefOr<Schema> {
        let mut schema = NewReward::schema();
        if let (RefOr::T(Schema::Object(all)), RefOr::T(Schema::Object(otherwise))) =
            (&mut schema, Otherwise::schema())
        {
            all.properties.extend(otherwise.properties);
            all.required = all.properties.keys().cloned().collect();
            all.properties.insert("translations".to_owned(), Translations::schema());
            all.description = Some("A reward of the catalogue.".to_owned());
            all.additional_properties = None;
        }
        schema
    }
}

impl ToSchema for RewardBody {
    fn name() -> Cow<'static, str> {
        "Reward".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        NewReward::schemas(schemas);
        Otherwise::schemas(schemas);
    }
}

impl PartialSchema for Translations {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .description(Some("The texts in every language that they are in."))
            .property("name", texts::by_language(Name::schema()))
            .property("description", texts::by_language(Remark::<5000>::schema()))
            .property(
                "terms",
                OneOfBuilder::new()
                    .item(ObjectBuilder::new().schema_type(Type::Null))
                    .item(texts::by_language(Prose::<5000>::schema())),
            )
            .required("name")
            .required("description")
            .required("terms")
            .into()
    }
}
