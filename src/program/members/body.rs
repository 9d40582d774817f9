//! A member as the API shows it.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Member, MemberStatus, service::standing, tags};
use platform::{
    auth::Caller,
    db::Tx,
    http::Reply,
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::MemberId,
        locale::Locale,
        zone::Zone,
    },
};

/// A member. What names the person is null once they are erased.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Member, example = json!({
    "id": "mem_01m7zr0b7ee0tt0vrz3kxj2q8d", "email": "anna@example.com", "given_name": "Anna",
    "family_name": "Jónsdóttir", "locale": "is", "time_zone": "Atlantic/Reykjavik",
    "country": "IS", "birthday": "02-29", "external_id": "c-1042", "tier": "member",
    "status": "active", "referral_code": "K7Q2M9XT", "enrolled_at": "2026-11-21T18:51:00Z",
    "marketing_consent": true, "tags": ["wholesale"]
}))]
pub struct MemberBody {
    id: MemberId,
    email: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    /// BCP 47; letters come in its language.
    locale: Locale,
    /// IANA.
    time_zone: Zone,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// `MM-DD` or `YYYY-MM-DD`.
    birthday: Option<String>,
    /// The storefront's own id of this customer.
    external_id: Option<String>,
    tier: String,
    status: MemberStatus,
    /// Why staff suspended or reinstated the member last; for storefront and staff alone, and not
    /// there where nobody ever did, or once the member is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    status_reason: Option<String>,
    referral_code: String,
    enrolled_at: Timestamp,
    marketing_consent: bool,
    /// Words by which the shop groups its members, in lower case.
    tags: Vec<String>,
}

impl Reply for MemberBody {
    fn members(&self) -> Vec<MemberId> {
        vec![self.id]
    }
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
            status_reason: None,
            referral_code: member.referral_code,
            enrolled_at: member.enrolled_at,
            marketing_consent: member.marketing_consent,
            tags: Vec::new(),
        }
    }
}

impl MemberBody {
    /// The member as this caller sees it.
    pub fn told(tx: &mut Tx<'_>, member: Member, caller: &Caller) -> Result<Self> {
        let mut told = Self::all_told(tx, vec![member], caller)?;
        told.pop().ok_or_else(|| Error::internal("a member who is not told"))
    }

    /// The same of many.
    pub fn all_told(tx: &mut Tx<'_>, members: Vec<Member>, caller: &Caller) -> Result<Vec<Self>> {
        let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
        let mut reasons = match caller {
            Caller::Staff { .. } | Caller::Storefront { .. } | Caller::System => {
                standing::reasons(tx, &ids)?
            }
            Caller::Member(_) | Caller::Anonymous => HashMap::new(),
        };
        let mut tags = tags::of(tx, &ids)?;
        let told = members.into_iter().map(|member| {
            let status_reason = reasons.remove(&member.id);
            let tags = tags.remove(&member.id).unwrap_or_default();
            Self { status_reason, tags, ..member.into() }
        });
        Ok(told.collect())
    }

    /// The member as this caller sees it, with its version, which is its `ETag`.
    pub fn versioned(tx: &mut Tx<'_>, member: Member, caller: &Caller) -> Result<(Self, i64)> {
        let version = member.version;
        Ok((Self::told(tx, member, caller)?, version))
    }
}
