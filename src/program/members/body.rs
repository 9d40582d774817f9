//! A member as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Member, MemberStatus};
use crate::kernel::{clock::Timestamp, id::MemberId, locale::Locale, zone::Zone};

/// A member. What names the person is null once they are erased.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "mem_01m7zr0b7ee0tt0vrz3kxj2q8d", "email": "anna@example.com", "given_name": "Anna",
    "family_name": "Jónsdóttir", "locale": "is", "time_zone": "Atlantic/Reykjavik",
    "country": "IS", "birthday": "02-29", "external_id": "c-1042", "tier": "member",
    "status": "active", "referral_code": "K7Q2M9XT", "enrolled_at": "2026-11-21T18:51:00Z",
    "marketing_consent": true
}))]
pub struct MemberBody {
    #[schema(value_type = String)]
    id: MemberId,
    email: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    /// BCP 47; letters come in its language.
    #[schema(value_type = String)]
    locale: Locale,
    /// IANA.
    #[schema(value_type = String)]
    time_zone: Zone,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// `MM-DD` or `YYYY-MM-DD`.
    birthday: Option<String>,
    /// The storefront's own id of this customer.
    external_id: Option<String>,
    tier: String,
    status: MemberStatus,
    referral_code: String,
    #[schema(value_type = String)]
    enrolled_at: Timestamp,
    marketing_consent: bool,
}

impl From<Member> for MemberBody {
    fn from(member: Member) -> Self {
        Self {
            id: member.id,
            email: member.email,
            given_name: member.given_name,
            family_name: member.family_name,
            locale: member.locale,
            time_zone: member.time_zone,
            country: member.country,
            birthday: member.birthday,
            external_id: member.external_id,
            tier: member.tier,
            status: member.status,
            referral_code: member.referral_code,
            enrolled_at: member.enrolled_at,
            marketing_consent: member.marketing_consent,
        }
    }
}

impl MemberBody {
    /// The member with its version, which is its `ETag`.
    #[must_use]
    pub fn versioned(member: Member) -> (Self, i64) {
        let version = member.version;
        (member.into(), version)
    }
}
