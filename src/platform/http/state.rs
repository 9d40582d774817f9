//! What every handler can reach.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::{Mutex, MutexGuard, Once, PoisonError},
    time::Duration,
};

use actix_web::HttpRequest;
use tokio::sync::OnceCell;

use super::{
    cors::Origins, idempotency::InFlight, lane::Lanes, signed::SharedSecret, streams::Streams,
};
use crate::{
    auth::{Caller, keys, secret, sessions, tokens::SigningKeys},
    db::Store,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        limit::Throttle,
    },
};

/// How long a server trusts what it knows of a caller; what ends acts at once where it was done.
pub(super) const KNOWN_FRESH: Duration = Duration::from_secs(5);
/// How many callers a server remembers at most.
const MOST_KNOWN: usize = 10_000;

/// The application, shared by all workers.
pub struct AppState {
    pub store: Store,
    pub throttle: Throttle,
    pub in_flight: InFlight,
    pub lanes: Lanes,
    pub streams: Streams,
    pub origins: Origins,
    /// The demo's mailbox folder; `None` under `serve`.
    pub demo_mailbox: Option<PathBuf>,
    /// By which programs are known that report what became of mail; `None`: nobody may.
    pub report_secret: Option<SharedSecret>,
    /// Whether a proxy of ours says in `X-Forwarded-For` who calls.
    behind_proxy: bool,
    /// It was said that it does not.
    untold: Once,
    signing: OnceCell<SigningKeys>,
    known: Mutex<KnownCallers>,
}

/// What this server knows of callers, by the hashes of their credentials.
#[derive(Default)]
struct KnownCallers {
    callers: HashMap<Vec<u8>, KnownCaller>,
    /// [`Store::standing`] when they were looked up: under another number nothing is known.
    standing: u64,
}

struct KnownCaller {
    caller: Caller,
    read_at: Timestamp,
    expires_at: Option<Timestamp>,
}

/// The last hop is what our proxy saw, with a port or in brackets as it likes; the ones before it
/// are hearsay.
fn last_hop(hops: &str) -> Option<IpAddr> {
    let hop = hops.rsplit(',').next()?.trim().trim_matches('"');
    let bare = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    hop.parse().ok().or_else(with_port).or_else(bare)
}

fn household(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

impl AppState {
    #[must_use]
    pub fn new(
        store: Store,
        lanes: Lanes,
        demo_mailbox: Option<PathBuf>,
        report_secret: Option<SharedSecret>,
        behind_proxy: bool,
    ) -> Self {
        let streams = Streams::beside(&store);
        Self {
            store,
            throttle: Throttle::default(),
            in_flight: InFlight::default(),
            lanes,
            streams,
            origins: Origins::default(),
            demo_mailbox,
            report_secret,
            behind_proxy,
            untold: Once::new(),
            signing: OnceCell::new(),
            known: Mutex::default(),
        }
    }

    /// Who calls, for throttles: the address, or for IPv6 its /64, which one household has. Empty
    /// where our proxy does not tell, and then nobody is counted under it: under the proxy's own
    /// address, one of its customers could shut all others out.
    #[must_use]
    pub fn address_of(&self, request: &HttpRequest) -> String {
        if !self.behind_proxy {
            return request.peer_addr().map(|peer| household(peer.ip())).unwrap_or_default();
        }
        let hops = request.headers().get_all("x-forwarded-for").last();
        if let Some(address) = hops.and_then(|hops| hops.to_str().ok()).and_then(last_hop) {
            return household(address);
        }
        self.untold.call_once(|| {
            tracing::warn!(
                "the proxy does not say in X-Forwarded-For who calls: throttles go by accounts \
                 alone"
            );
        });
        String::new()
    }

    /// Whether a proxy of ours stands in front.
    #[must_use]
    pub const fn is_behind_proxy(&self) -> bool {
        self.behind_proxy
    }

    /// The keys that sign access tokens: read once, when first needed.
    pub async fn signing(&self) -> Result<&SigningKeys> {
        self.signing.get_or_try_init(|| self.store.write(SigningKeys::load_or_create)).await
    }

    /// Who a `Bearer` credential stands for.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`] where it stands for nobody.
    pub async fn caller(&self, credential: &str) -> Result<Caller> {
        let wall = self.store.clock().wall();
        let claimed = if credential.starts_with(keys::PREFIX) {
            None
        } else {
            Some(self.signing().await?.read(credential, wall)?)
        };
        if let Some(caller) = self.known_caller(credential, wall) {
            return Ok(caller);
        }
        let standing = self.store.callers_epoch();
        let (caller, expires_at) = match claimed {
            None => {
                let secret = credential.to_owned();
                let found = self.store.read(move |tx| keys::find(tx, &secret)).await?;
                found.ok_or(Refusal::Unauthenticated("the API key is not valid"))?
            }
            // what the token says was true when it was issued; a role or a session may have ended
            Some((claimed, session)) => {
                let subject = self.store.read(move |tx| sessions::standing(tx, session)).await?;
                let caller = subject.map(Caller::from).filter(|caller| caller.is_as(&claimed));
                let ended = Refusal::Unauthenticated("the session has ended: sign in again");
                (caller.ok_or(ended)?, None)
            }
        };
        let mut known = self.known();
        if known.standing == standing {
            if known.callers.len() >= MOST_KNOWN {
                known.callers.clear();
            }
            let key = KnownCaller { caller: caller.clone(), read_at: wall, expires_at };
            known.callers.insert(secret::hash(credential), key);
        }
        Ok(caller)
    }

    /// What is known under the standing that is now; all else is forgotten first.
    fn known(&self) -> MutexGuard<'_, KnownCallers> {
        let standing = self.store.callers_epoch();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.standing != standing {
            *known = KnownCallers { callers: HashMap::new(), standing };
        }
        known
    }

    fn known_caller(&self, credential: &str, wall: Timestamp) -> Option<Caller> {
        let known = self.known();
        let KnownCaller { caller, read_at, expires_at } =
            known.callers.get(&secret::hash(credential))?;
        let fresh = *read_at <= wall && wall.since(*read_at) < KNOWN_FRESH;
        (fresh && expires_at.is_none_or(|end| wall < end)).then(|| caller.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_hop_is_read_as_proxies_write_it() {
        let found = |hops: &str| last_hop(hops).map(household);
        for hops in
            ["7.7.7.7", "1.1.1.1, 7.7.7.7", "7.7.7.7:1234", "x,\"7.7.7.7:80\"", "::ffff:7.7.7.7"]
        {
            assert_eq!(found(hops).as_deref(), Some("7.7.7.7"), "{hops}");
        }
        for hops in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:80", "a, \"[2001:db8::9]\""] {
            assert_eq!(found(hops).as_deref(), Some("2001:db8:0:0::/64"), "{hops}");
        }
        for hops in ["", "unknown", "7.7.7.7,", "7.7.7.7, unknown", "_hidden", "7.7.7", "[::1"] {
            assert_eq!(found(hops), None, "{hops}");
        }
    }
}
