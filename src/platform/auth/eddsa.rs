//! Ed25519 by `ring`, the one library for keys and TLS, for `jsonwebtoken`, which brings others.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result as JwtResult},
};
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use signature::{Error, Signer, Verifier};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(Signing::new(*algorithm, key)?)),
    verifier_factory: |algorithm, key| Ok(Box::new(Verifying::new(*algorithm, key)?)),
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes it the process's own, where it is not yet.
pub fn install() {
    // a second time says so, and changes nothing
    let _first = PROVIDER.install_default().is_ok();
}

/// A private key in PKCS#8 (RFC 8410, 7), of 32 random bytes.
#[must_use]
pub fn pkcs8(seed: &[u8; 32]) -> Vec<u8> {
    const HEAD: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    [&HEAD[..], seed].concat()
}

fn eddsa_only(algorithm: Algorithm) -> JwtResult<()> {
    match algorithm {
        Algorithm::EdDSA => Ok(()),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

struct Signing(Ed25519KeyPair);

impl Signing {
    fn new(algorithm: Algorithm, key: &EncodingKey) -> JwtResult<Self> {
        eddsa_only(algorithm)?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.as_bytes());
        Ok(Self(pair.map_err(|_| ErrorKind::InvalidEddsaKey)?))
    }
}

impl Signer<Vec<u8>> for Signing {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

impl JwtSigner for Signing {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Verifying(Vec<u8>);

impl Verifying {
    fn new(algorithm: Algorithm, key: &DecodingKey) -> JwtResult<Self> {
        eddsa_only(algorithm)?;
        Ok(Self(key.try_get_as_bytes()?.to_vec()))
    }
}

impl Verifier<Vec<u8>> for Verifying {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        let key = UnparsedPublicKey::new(&ED25519, &self.0);
        key.verify(message, signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Verifying {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde_json::{Value, json};

    use super::*;

    fn reads_back(private: &[u8], public: &[u8]) {
        install();
        let claims = json!({"sub": "x", "exp": 4_000_000_000_u64});
        let header = jsonwebtoken::Header::new(Algorithm::EdDSA);
        let key = EncodingKey::from_ed_der(private);
        let token = jsonwebtoken::encode(&header, &claims, &key).expect("a token");
        let validation = jsonwebtoken::Validation::new(Algorithm::EdDSA);
        let key = DecodingKey::from_ed_der(public);
        let read = jsonwebtoken::decode::<Value>(&token, &key, &validation);
        assert_eq!(read.expect("it is good").claims, claims);
        let (rest, signature) = token.rsplit_once('.').expect("three parts");
        let turned: String = signature.chars().rev().collect();
        let forged = format!("{rest}.{turned}");
        assert!(jsonwebtoken::decode::<Value>(&forged, &key, &validation).is_err());
    }

    #[test]
    fn a_key_signs_and_checks() {
        use ring::signature::KeyPair;
        let seed = [7; 32];
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("a key");
        reads_back(&pkcs8(&seed), pair.public_key().as_ref());
    }

    /// As another library kept them, with the public key inside (RFC 5958).
    #[test]
    fn keys_of_before_stay_good() {
        let private = "MFECAQEwBQYDK2VwBCIEIDrl6RjE5TbzQuLTvNoAG2ZORUb3tru9NdJn9naBr7VZgSEAaG\
                       6erbc15nmCIihKCAHpjQ3ehz4FEAwqnya/W6HtG+E=";
        let public = "aG6erbc15nmCIihKCAHpjQ3ehz4FEAwqnya/W6HtG+E=";
        let decode = |text: &str| STANDARD.decode(text).expect("base64");
        reads_back(&decode(private), &decode(public));
    }
}
