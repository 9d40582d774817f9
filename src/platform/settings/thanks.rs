//! How people are thanked, and by when.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

pub use crate::messaging::letters::ThanksCategory;
use crate::{kernel::whole::Whole, words};

words! {
    /// Who thanks: a letter goes at once, or one of the staff does it in time.
    pub enum ThanksBy { Letter = "letter", Person = "person" }
}

/// So many business hours.
pub type BusinessHours = Whole<1, 2000>;

/// A value for each category; what is left out is as by default.
macro_rules! by_category {
    ($(#[doc = $about:literal])* $name:ident of $value:ty { $($field:ident: $category:ident = $default:expr,)* }) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
        pub struct $name { $(#[schema(required = false)] pub $field: $value,)* }

        impl $name {
            #[must_use]
            pub const fn of(&self, category: ThanksCategory) -> $value {
                match category { $(ThanksCategory::$category => self.$field,)* }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                #[serde(default, deny_unknown_fields)]
                struct Fields { $($field: $value,)* }

                impl Default for Fields {
                    fn default() -> Self {
                        Self { $($field: $default,)* }
                    }
                }

                let Fields { $($field,)* } = Fields::deserialize(from)?;
                Ok(Self { $($field,)* })
            }
        }
    };
}

by_category! {
    /// Who thanks for what. What is left out is as by default.
    ThanksPolicy of ThanksBy {
        promoter: Promoter = ThanksBy::Letter,
        passive: Passive = ThanksBy::Letter,
        detractor: Detractor = ThanksBy::Person,
        story: Story = ThanksBy::Letter,
        mention: Mention = ThanksBy::Person,
        referral: Referral = ThanksBy::Letter,
        word: Word = ThanksBy::Letter,
        gathering: Gathering = ThanksBy::Letter,
    }
}

by_category! {
    /// Within how many business hours a person thanks for what. What is left out is as by default.
    ThanksDueHours of BusinessHours {
        promoter: Promoter = Whole::fixed(40),
        passive: Passive = Whole::fixed(24),
        detractor: Detractor = Whole::fixed(8),
        story: Story = Whole::fixed(24),
        mention: Mention = Whole::fixed(40),
        referral: Referral = Whole::fixed(40),
        word: Word = Whole::fixed(40),
        gathering: Gathering = Whole::fixed(40),
    }
}
