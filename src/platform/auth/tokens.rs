//! Access tokens: JWTs signed by Ed25519 keys that live in the database, so that every server
//! issues and reads the same ones.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::prelude::*;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Caller, Realm, Role, eddsa};
use crate::{
    db::{Tx, bulk::Bulk, lock::named_lock, schema::signing_keys},
    kernel::{
        clock::Timestamp,
        code,
        error::{Error, Refusal, Result},
        id::{MemberId, SessionId, UserId},
    },
};

/// How long an access token is good for, in seconds.
pub const ACCESS_SECONDS: i64 = 15 * 60;

/// Whom a token speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Member(MemberId),
    User(UserId, Role),
}

impl Subject {
    #[must_use]
    pub const fn realm(self) -> Realm {
        match self {
            Self::Member(_) => Realm::Member,
            Self::User(..) => Realm::Staff,
        }
    }

    #[must_use]
    pub const fn uuid(self) -> uuid::Uuid {
        match self {
            Self::Member(id) => id.uuid(),
            Self::User(id, _) => id.uuid(),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    sid: SessionId,
    iat: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
}

/// The public keys, as a JWK set.
#[derive(Serialize, ToSchema)]
pub struct KeySet {
    keys: Vec<PublicKey>,
}

/// A public key by which access tokens are checked.
#[derive(Serialize, ToSchema)]
struct PublicKey {
    #[schema(example = "OKP")]
    kty: &'static str,
    #[schema(example = "Ed25519")]
    crv: &'static str,
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    purpose: &'static str,
    #[schema(example = "EdDSA")]
    alg: &'static str,
    #[schema(example = "7k2m9qxt4c1b")]
    kid: String,
    #[schema(example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    x: String,
}

/// The keys that sign and check access tokens.
pub struct SigningKeys {
    newest: (String, EncodingKey),
    all: Vec<(String, DecodingKey, Vec<u8>)>,
}

impl SigningKeys {
    /// Loads the keys; makes the first one where there is none.
    pub fn load_or_create(tx: &mut Tx<'_>) -> Result<Self> {
        eddsa::install();
        // two servers that start on a fresh database must not make one each
        named_lock(tx.conn, b"signkeys")?;
        let mut rows = Self::rows(tx)?;
        if rows.is_empty() {
            let seed = tx.chance().bytes::<32>();
            let rejected = |_| Error::internal("the signing key can't be made");
            let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(rejected)?;
            let id = code::random(tx.chance(), 12).to_lowercase();
            Bulk::into("signing_keys")
                .column("id", [id])
                .column("private_der", [eddsa::pkcs8(&seed)])
                .column("public_key", [pair.public_key().as_ref().to_vec()])
                .column("created_at", [tx.wall])
                .execute(tx.conn)?;
            rows = Self::rows(tx)?;
        }
        let (id, private, _) =
            rows.first().ok_or_else(|| Error::internal("there is no signing key"))?;
        Ok(Self {
            newest: (id.clone(), EncodingKey::from_ed_der(private)),
            all: rows
                .iter()
                .map(|(id, _, public)| {
                    (id.clone(), DecodingKey::from_ed_der(public), public.clone())
                })
                .collect(),
        })
    }

    fn rows(tx: &mut Tx<'_>) -> Result<Vec<(String, Vec<u8>, Vec<u8>)>> {
        Ok(signing_keys::table
            .order((signing_keys::created_at.desc(), signing_keys::id))
            .select((signing_keys::id, signing_keys::private_der, signing_keys::public_key))
            .load(tx.conn)?)
    }

    /// The public keys as a JWK set (RFC 7517, RFC 8037).
    #[must_use]
    pub fn jwks(&self) -> KeySet {
        let key = |id: &str, public: &[u8]| PublicKey {
            kty: "OKP",
            crv: "Ed25519",
            purpose: "sig",
            alg: "EdDSA",
            kid: id.to_owned(),
            x: URL_SAFE_NO_PAD.encode(public),
        };
        KeySet { keys: self.all.iter().map(|(id, _, public)| key(id, public)).collect() }
    }

    /// A token for `subject`, good for [`ACCESS_SECONDS`] from `wall`.
    ///
    /// # Errors
    /// Where signing fails.
    pub fn issue(
        &self,
        subject: Subject,
        session: SessionId,
        issuer: &str,
        wall: Timestamp,
    ) -> Result<String> {
        let (sub, role) = match subject {
            Subject::Member(id) => (id.to_string(), None),
            Subject::User(id, role) => (id.to_string(), Some(role)),
        };
        let claims = Claims {
            iss: issuer.to_owned(),
            sub,
            aud: subject.realm().as_str().to_owned(),
            sid: session,
            iat: wall.as_second(),
            exp: wall.as_second() + ACCESS_SECONDS,
            role,
        };
        let (id, key) = &self.newest;
        let header = Header { kid: Some(id.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, key)
            .map_err(|error| Error::Internal(Box::new(error)))
    }

    /// Who a token speaks for, and in which session.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`] where it is not ours, altered or expired.
    pub fn read(&self, token: &str, wall: Timestamp) -> Result<(Caller, SessionId), Refusal> {
        const BAD: Refusal = Refusal::Unauthenticated("the access token is not valid");
        let kid = jsonwebtoken::decode_header(token).map_err(|_| BAD)?.kid.ok_or(BAD)?;
        let (_, key, _) = self.all.iter().find(|(id, ..)| *id == kid).ok_or(BAD)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false; // by our own clock, below
        validation.set_audience(&[Realm::Member.as_str(), Realm::Staff.as_str()]);
        let claims =
            jsonwebtoken::decode::<Claims>(token, key, &validation).map_err(|_| BAD)?.claims;
        if wall.as_second() >= claims.exp {
            return Err(Refusal::Unauthenticated("the access token has expired: refresh it"));
        }
        let caller = match (Realm::from_word(&claims.aud), claims.role) {
            (Some(Realm::Member), None) => Caller::Member(claims.sub.parse().map_err(|_| BAD)?),
            (Some(Realm::Staff), Some(role)) => {
                Caller::Staff { user: claims.sub.parse().map_err(|_| BAD)?, role }
            }
            _ => return Err(BAD),
        };
        Ok((caller, claims.sid))
    }
}
