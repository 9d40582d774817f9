//! How a request is answered: reads, changes of versioned things, and POSTs through idempotency.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use serde::Serialize;

use super::Call;
use crate::{
    db::Tx,
    http::{
        Answer,
        idempotency::{self, Attempt, Outcome},
        lane::{Answered, Command, Laned, Sent},
        reply::{Reply, rehearsed},
        request_id,
    },
    kernel::error::{Error, Refusal, Result},
};

impl Call {
    /// Reads, and answers 200.
    ///
    /// # Errors
    /// `body`'s own.
    pub async fn get<T, F>(&self, body: F) -> Answer
    where
        T: Serialize + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let value = self.store().read(body).await?;
        Ok(HttpResponse::Ok().json(value))
    }

    /// Reads something with a version, and answers 200 with its `ETag`.
    ///
    /// # Errors
    /// `body`'s own.
    pub async fn get_versioned<T, F>(&self, body: F) -> Answer
    where
        T: Serialize + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<(T, i64)> + Send + 'static,
    {
        let (value, version) = self.store().read(body).await?;
        Ok(HttpResponse::Ok().insert_header(etag(version)).json(value))
    }

    /// Changes something with a version (PATCH), and answers 200 with its new `ETag`.
    ///
    /// # Errors
    /// `body`'s own.
    pub async fn patch_versioned<T, F>(&self, body: F) -> Answer
    where
        T: Serialize + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<(T, i64)> + Send + 'static,
    {
        let (value, version) = self.store().write(body).await?;
        Ok(HttpResponse::Ok().insert_header(etag(version)).json(value))
    }

    /// Has something be as it is sent (PUT), and answers 200: the same again changes nothing.
    ///
    /// # Errors
    /// `body`'s own.
    pub async fn put<T, F>(&self, body: F) -> Answer
    where
        T: Serialize + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let value = self.store().write(body).await?;
        Ok(HttpResponse::Ok().json(value))
    }

    /// Deletes, and answers 204.
    ///
    /// # Errors
    /// `body`'s own.
    pub async fn delete<F>(&self, body: F) -> Answer
    where
        F: FnMut(&mut Tx<'_>) -> Result<()> + Send + 'static,
    {
        self.store().write(body).await?;
        Ok(HttpResponse::NoContent().finish())
    }

    /// A POST that makes something: 201, once for each idempotency key.
    ///
    /// # Errors
    /// `body`'s own, and idempotency's.
    pub async fn post_created<T, F>(&self, mut body: F) -> Answer
    where
        T: Reply + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + Clone + 'static,
    {
        self.post(move |tx| body(tx).map(|value| (StatusCode::CREATED, value))).await
    }

    /// A POST that changes something: 200, once for each idempotency key.
    ///
    /// # Errors
    /// `body`'s own, and idempotency's.
    pub async fn post_ok<T, F>(&self, mut body: F) -> Answer
    where
        T: Reply + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + Clone + 'static,
    {
        self.post(move |tx| body(tx).map(|value| (StatusCode::OK, value))).await
    }

    /// A POST that says its own status, once for each idempotency key.
    ///
    /// # Errors
    /// `body`'s own, and idempotency's.
    pub async fn post<T, F>(&self, body: F) -> Answer
    where
        T: Reply + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<(StatusCode, T)> + Send + Clone + 'static,
    {
        let send = async |sent: Sent<Closure<F>>| {
            let outcome = self.store().write(move |tx| Sent::run(tx, &[&sent])).await;
            outcome?.pop().ok_or_else(|| Error::internal("a request without an answer"))
        };
        self.answer(Closure(body), send).await
    }

    /// A POST that is done together with others of its kind, once for each idempotency key.
    ///
    /// # Errors
    /// The command's own, and idempotency's; [`Refusal::Overloaded`] where too many wait.
    pub async fn post_in_lane<C: Laned>(&self, command: C) -> Answer {
        self.answer(command, async |sent| self.app.lanes.send(sent).await).await
    }

    async fn answer<C: Command>(
        &self,
        command: C,
        run: impl AsyncFn(Sent<C>) -> Result<Result<Attempt, Refusal>>,
    ) -> Answer {
        let keyed = self.keyed()?;
        if self.query()?.flag("dry_run")? {
            return self.rehearse(command).await;
        }
        let sent =
            Sent { command, keyed, request_id: request_id::current(), about: self.members() };
        let attempt = async || Ok(run(sent.clone()).await??);
        let outcome = idempotency::once(&self.app.in_flight, sent.keyed.as_ref(), attempt).await?;
        let (kept, replayed) = match outcome {
            Outcome::First(kept) => (kept, false),
            Outcome::Replayed(kept) => (kept, true),
        };
        let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = HttpResponse::build(status);
        answer.content_type(if status.is_success() {
            "application/json"
        } else {
            "application/problem+json"
        });
        if replayed {
            answer.insert_header(("idempotent-replayed", "true"));
        }
        Ok(answer.body(kept.body))
    }

    /// Does it and undoes it, outside of lanes and keys.
    async fn rehearse<C: Command>(&self, command: C) -> Answer {
        let rehearsal = move |tx: &mut Tx<'_>| {
            tx.rehearse(|tx| {
                let answer = C::run(tx, std::slice::from_ref(&command))?.pop();
                let (_, reply) = answer.ok_or_else(|| Error::internal("no answer"))??;
                rehearsed(&reply)
            })
        };
        let value = self.store().write(rehearsal).await?;
        Ok(HttpResponse::Ok().json(value))
    }
}

fn etag(version: i64) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"{version}\""))
}

/// A use case of which each request runs its own, in a savepoint: a refusal undoes what it did.
#[derive(Clone)]
struct Closure<F>(F);

impl<T, F> Command for Closure<F>
where
    T: Reply + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<(StatusCode, T)> + Send + Clone + 'static,
{
    type Answer = T;

    fn run(tx: &mut Tx<'_>, commands: &[Self]) -> Result<Vec<Answered<T>>> {
        let run = |Self(body): &Self| match tx.savepoint(body.clone()) {
            Ok(answer) => Ok(Ok(answer)),
            Err(Error::Refused(refusal)) => Ok(Err(refusal)),
            Err(error) => Err(error),
        };
        commands.iter().map(run).collect()
    }
}
