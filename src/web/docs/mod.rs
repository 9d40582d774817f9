//! `/docs/`: what developers read: the guide, and every operation as the OpenAPI document has it.
//! Nothing on these pages comes from elsewhere, and none needs a script.

mod book;
mod markdown;

use std::sync::OnceLock;

use actix_web::{http::StatusCode, web};

use super::{
    pages::{DocsGroup, DocsGuide, DocsIndex},
    visit::{Visit, html},
};
use book::Book;
pub use book::Group;
use platform::{
    http::{Answer, openapi::Served},
    kernel::error::{Error, Refusal, Result},
};

static BOOK: OnceLock<Book> = OnceLock::new();

/// The document as pages, read once.
async fn book(document: &Served) -> Result<&'static Book> {
    if let Some(book) = BOOK.get() {
        return Ok(book);
    }
    let document = *document;
    let read = move || {
        let document = serde_json::from_slice(document.get().plain()).map_err(Error::from)?;
        Ok(BOOK.get_or_init(|| Book::of(&document)))
    };
    web::block(read).await.map_err(Error::internal)?
}

/// `GET /docs/`
pub async fn index(visit: Visit, document: web::Data<Served>) -> Answer {
    let book = book(&document).await?;
    let page = DocsIndex { shell: visit.shell(), about: &book.about, groups: &book.groups };
    html(StatusCode::OK, visit.pages.render_docs(&page))
}

/// `GET /docs/{group}`
///
/// # Errors
/// [`Refusal::NotFound`] where no group is called so.
pub async fn group(visit: Visit, document: web::Data<Served>) -> Answer {
    let slug = visit.path("group");
    let group = book(&document).await?.groups.iter().find(|group| group.slug == slug);
    let group = group.ok_or(Refusal::not_found("page"))?;
    let page = DocsGroup { shell: visit.shell(), group };
    html(StatusCode::OK, visit.pages.render_docs_group(&page))
}

/// `GET /docs/storefront`
pub async fn storefront(visit: Visit) -> Answer {
    static GUIDE: OnceLock<String> = OnceLock::new();
    let guide = GUIDE.get_or_init(|| markdown::html(include_str!("../../../docs/storefront.md")));
    let page = DocsGuide { shell: visit.shell(), guide };
    html(StatusCode::OK, visit.pages.render_docs_guide(&page))
}
