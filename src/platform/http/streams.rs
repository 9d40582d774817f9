//! Answers that come a piece at a time, so that neither their size nor a slow reader costs memory
//! or a database connection: a piece is read when the one before it went out, and what is known of
//! it lives only as long as the answer's body does.

use std::{
    collections::HashMap,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Instant,
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    web::Bytes,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::request_id;
use crate::{
    auth::Caller,
    db::{Reads, Store, Tx},
    kernel::error::{Error, Refusal, Result},
};

/// About how large a piece is, in bytes.
pub const PIECE: usize = 64 * 1024;
/// How many such answers are under way at most in one server.
const MOST: usize = 64;
/// How many of them read at the same moment at most; fewer where there are few cores.
const MOST_READERS: usize = 4;
/// How many of them are one staff user's.
const MOST_OF_STAFF: usize = 32;
/// How many of them are one member's.
const MOST_OF_A_MEMBER: usize = 4;

/// What is told piece by piece.
pub trait Pieces: Send + Unpin + 'static {
    /// The next piece, of some [`PIECE`] bytes; `None` after the last.
    ///
    /// # Errors
    /// The database's own: they end the answer in its middle.
    fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Vec<u8>>>;
}

/// The bounds of one server: how many such answers are under way, and how many of them read at the
/// same moment, so that those who ask for little do not wait for them.
pub struct Streams {
    /// With connections of its own: what whole journals leave in their caches is theirs alone.
    store: Store,
    reading: Arc<Semaphore>,
    under_way: Arc<Mutex<HashMap<String, usize>>>,
}

impl Streams {
    /// Reads what `store` does.
    #[must_use]
    pub fn beside(store: &Store) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let readers = (cores / 2).clamp(1, MOST_READERS);
        Self {
            store: store.readers(u32::try_from(readers).unwrap_or(1)),
            reading: Arc::new(Semaphore::new(readers)),
            under_way: Arc::default(),
        }
    }

    /// A place among the answers under way, for as long as it is kept.
    ///
    /// # Errors
    /// [`Refusal::Overloaded`] where this caller has too many of them, or all together.
    pub fn enter(&self, caller: &Caller) -> Result<Place, Refusal> {
        let label = caller.label();
        let most = match caller {
            Caller::Member(_) => MOST_OF_A_MEMBER,
            _ => MOST_OF_STAFF,
        };
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let own = under_way.get(&label).copied().unwrap_or_default();
        if own >= most || under_way.values().sum::<usize>() >= MOST {
            return Err(Refusal::Overloaded { retry_after_seconds: 2 });
        }
        under_way.insert(label.clone(), own + 1);
        drop(under_way);
        let (reading, under_way) = (Arc::clone(&self.reading), Arc::clone(&self.under_way));
        Ok(Place { label, store: self.store.clone(), reading, under_way })
    }
}

/// A place among the answers under way; given back when it is dropped.
pub struct Place {
    label: String,
    store: Store,
    reading: Arc<Semaphore>,
    under_way: Arc<Mutex<HashMap<String, usize>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        match under_way.get_mut(&self.label) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(under_way.remove(&self.label)),
        }
    }
}

impl Place {
    /// Reads what must be known before the first piece, on one snapshot, when it is its turn.
    ///
    /// # Errors
    /// What `body` answers, or the database's own.
    pub async fn open<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let turn = Turn::of(&self.reading).await?;
        let (turn, value) = self.store.snapshot(move |tx| Ok((turn, body(tx)?))).await?;
        turn.end();
        Ok(value)
    }

    /// The body of an answer that tells these pieces. An error in its middle ends the connection,
    /// so that what came does not look like the whole.
    #[must_use]
    pub fn tell(self, pieces: impl Pieces) -> BoxBody {
        let request_id = request_id::current();
        BoxBody::new(Telling { request_id, place: self, state: State::Ready(pieces) })
    }
}

impl Reads for Place {
    async fn read<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.open(body).await
    }
}

/// A turn to read; those who wait get theirs in the order in which they came. It goes where the
/// reading goes, so that nobody reads without one, even where who asked has gone away.
struct Turn {
    permit: OwnedSemaphorePermit,
    begun: Instant,
}

impl Turn {
    async fn of(reading: &Arc<Semaphore>) -> Result<Self> {
        let permit = Arc::clone(reading).acquire_owned().await;
        let permit = permit.map_err(|error| Error::Internal(Box::new(error)))?;
        Ok(Self { permit, begun: Instant::now() })
    }

    /// Ends it, and has the next one wait as long as this one took: the other half of the time
    /// belongs to those who ask for little.
    fn end(self) {
        let took = self.begun.elapsed();
        tokio::spawn(async move {
            tokio::time::sleep(took).await;
            drop(self.permit);
        });
    }
}

struct Telling<P> {
    place: Place,
    request_id: String,
    state: State<P>,
}

type Reading<P> = Pin<Box<dyn Future<Output = Result<(P, Option<Vec<u8>>)>>>>;

enum State<P> {
    /// The piece before went out.
    Ready(P),
    Reading(Reading<P>),
    Over,
}

impl<P: Pieces> Telling<P> {
    /// Reads the next piece when it is its turn: the connection goes back with the piece.
    fn read(&self, mut pieces: P) -> Reading<P> {
        let (store, reading) = (self.place.store.clone(), Arc::clone(&self.place.reading));
        Box::pin(async move {
            let turn = Turn::of(&reading).await?;
            let read = move |tx: &mut Tx<'_>| {
                let piece = pieces.next(tx)?;
                Ok((turn, pieces, piece))
            };
            let (turn, pieces, piece) = store.read(read).await?;
            turn.end();
            Ok((pieces, piece))
        })
    }
}

impl<P: Pieces> MessageBody for Telling<P> {
    type Error = Broken;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Broken>>> {
        loop {
            let mut reading = match std::mem::replace(&mut self.state, State::Over) {
                State::Ready(pieces) => self.read(pieces),
                State::Reading(reading) => reading,
                State::Over => return Poll::Ready(None),
            };
            let Poll::Ready(outcome) = reading.as_mut().poll(cx) else {
                self.state = State::Reading(reading);
                return Poll::Pending;
            };
            match outcome {
                Ok((_, None)) => return Poll::Ready(None),
                Ok((pieces, Some(piece))) => {
                    self.state = State::Ready(pieces);
                    // an empty chunk would end the answer
                    if !piece.is_empty() {
                        return Poll::Ready(Some(Ok(piece.into())));
                    }
                }
                Err(error) => {
                    let request_id = &self.request_id;
                    tracing::error!(%request_id, %error, "an answer ended in its middle");
                    return Poll::Ready(Some(Err(Broken)));
                }
            }
        }
    }
}

/// The answer can't go on; told in the log.
#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer ended in its middle")
    }
}

impl std::error::Error for Broken {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        db::tx::Env,
        kernel::{
            chance::Chance,
            clock::{Clock, Timestamp},
            id::MemberId,
        },
    };

    #[test]
    fn nobody_takes_all_places_and_each_comes_back() {
        let chance = Chance::seeded(1);
        let member = || Caller::Member(MemberId::new(Timestamp::UNIX_EPOCH, &chance));
        let url = "sqlite:never-opened.db".parse().expect("a URL");
        let env = Env { clock: Clock::system(), chance: chance.clone() };
        let store = Store::open(url, env, 1).expect("a store");
        let (streams, anna) = (Streams::beside(&store), member());
        let mut places: Vec<Place> =
            (0..MOST_OF_A_MEMBER).map(|_| streams.enter(&anna).expect("a place")).collect();
        assert!(matches!(streams.enter(&anna), Err(Refusal::Overloaded { .. })));
        places.pop();
        places.push(streams.enter(&anna).expect("it came back"));
        while places.len() < MOST {
            places.push(streams.enter(&member()).expect("others have theirs"));
        }
        assert!(streams.enter(&member()).is_err(), "and all together are bounded");
        drop(places);
        assert!(streams.under_way.lock().expect("no panic").is_empty());
    }
}
