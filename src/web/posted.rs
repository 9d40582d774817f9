//! Forms that were sent from a page of ours.

use std::{collections::BTreeMap, future::Future, io, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header,
    web::{self, Bytes},
};
use futures_util::stream;
use multer::Multipart;
use serde::de::DeserializeOwned;

use super::visit::Visit;
use platform::{
    http::Problem,
    kernel::error::{Refusal, Result},
};

/// A form.
pub struct Posted<T> {
    pub visit: Visit,
    pub form: T,
}

/// A form without fields.
#[derive(serde::Deserialize)]
pub struct Nothing {}

/// A form that carries its own proof, in its address, and is taken from wherever it was sent: by a
/// mail program, in whatever form that has it. What can't be read is no field.
pub struct OpenlyPosted {
    pub visit: Visit,
    pub form: Vec<(String, String)>,
}

impl FromRequest for OpenlyPosted {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visit = Visit::begin(request).await?;
            let body = visit.receive_from_anywhere(payload).await?;
            let fields = std::str::from_utf8(&body).unwrap_or_default();
            let form = web::Query::<Vec<(String, String)>>::from_query(fields);
            Ok(Self { visit, form: form.map(web::Query::into_inner).unwrap_or_default() })
        })
    }
}

/// A form with a file in its field `file`, which may be empty (RFC 7578).
pub struct PostedFile {
    pub visit: Visit,
    pub form: BTreeMap<String, String>,
    pub file: Vec<u8>,
}

fn strange() -> Refusal {
    Refusal::field("", "is no form of this page")
}

impl<T: DeserializeOwned + 'static> FromRequest for Posted<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visit = Visit::begin(request).await?;
            let body = visit.receive(payload).await?;
            let fields = std::str::from_utf8(&body).map_err(|_| strange())?;
            // a form is written as a query is
            let form = web::Query::<T>::from_query(fields).map_err(|_| strange())?;
            Ok(Self { visit, form: form.into_inner() })
        })
    }
}

impl FromRequest for PostedFile {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visit = Visit::begin(request).await?;
            let body = visit.receive(payload).await?;
            let kind = visit.header(&header::CONTENT_TYPE).unwrap_or_default();
            let boundary = multer::parse_boundary(kind).map_err(|_| strange())?;
            let (form, file) = parts(&body, &boundary).await.map_err(|_| strange())?;
            Ok(Self { visit, form, file })
        })
    }
}

/// The fields of a form that came whole, and its file.
async fn parts(body: &[u8], boundary: &str) -> multer::Result<(BTreeMap<String, String>, Vec<u8>)> {
    let whole = stream::iter([Ok::<_, io::Error>(Bytes::copy_from_slice(body))]);
    // the body as a whole is bounded
    let mut parts = Multipart::new(whole, boundary);
    let (mut form, mut file) = (BTreeMap::new(), Vec::new());
    while let Some(part) = parts.next_field().await? {
        match part.name().map(str::to_owned) {
            Some(name) if name == "file" => file = part.bytes().await?.to_vec(),
            Some(name) => {
                form.insert(name, part.text().await?);
            }
            None => {}
        }
    }
    Ok((form, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(body: &str) -> multer::Result<(BTreeMap<String, String>, Vec<u8>)> {
        parts(body.replace('\n', "\r\n").as_bytes(), "x").await
    }

    #[tokio::test]
    async fn a_form_has_fields_and_a_file() {
        let body = "--x\nContent-Disposition: form-data; name=\"version\"\n\n3\n\
                    --x\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\n\
                    Content-Type: text/csv\n\nþ\n--x--\n";
        let (form, file) = read(body).await.expect("a form");
        assert_eq!(form["version"], "3");
        assert_eq!(file, "þ".as_bytes());
    }

    #[tokio::test]
    async fn what_is_cut_off_is_no_form() {
        let field = |text: &str| {
            format!("--x\nContent-Disposition: form-data; name=\"a\"\n\n{text}\n--x--\n")
        };
        assert!(read(&field("short")).await.is_ok());
        assert_eq!(read(&field(&"a".repeat(500_000))).await.expect("a form").0["a"].len(), 500_000);
        assert!(read("--x\nContent-Disposition: form-data; name=\"a\"\n\ncut").await.is_err());
    }
}
