//! A list as a file for a spreadsheet: the same rows, whole.

use actix_web::HttpResponse;

use super::desk::Desk;
use platform::{
    db::Tx,
    http::{Answer, streams::Pieces},
    kernel::{
        csv::{guarded, record},
        error::Result,
        page::{Listing, Page},
    },
};

/// How many rows are read at a time.
const ROWS_A_PIECE: i64 = 500;

/// A list's file, called `name`: `read` answers its rows, a page at a time.
pub fn file<const N: usize>(
    desk: &Desk,
    name: &str,
    columns: [&'static str; N],
    read: impl FnMut(&mut Tx<'_>, &Page) -> Result<Listing<[String; N]>> + Send + Unpin + 'static,
) -> Answer {
    let place = desk.visit.app.streams.enter(&desk.caller())?;
    let attachment = format!("attachment; filename=\"{name}.csv\"");
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header(("content-disposition", attachment))
        .body(place.tell(Sheet {
            columns: Some(columns),
            read,
            next: Some(Page::first(ROWS_A_PIECE)),
        })))
}

struct Sheet<F, const N: usize> {
    /// Until they are written.
    columns: Option<[&'static str; N]>,
    read: F,
    next: Option<Page>,
}

impl<F, const N: usize> Pieces for Sheet<F, N>
where
    F: FnMut(&mut Tx<'_>, &Page) -> Result<Listing<[String; N]>> + Send + Unpin + 'static,
{
    fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Vec<u8>>> {
        let Some(page) = self.next.take() else { return Ok(None) };
        let mut out = Vec::new();
        if let Some(columns) = self.columns.take() {
            record(&mut out, &columns)?;
        }
        let Listing { data, next_cursor } = (self.read)(tx, &page)?;
        for row in data {
            record(&mut out, &row.map(|cell| guarded(&cell)))?;
        }
        let next = next_cursor.map(|cursor| Page::new(ROWS_A_PIECE, Some(&cursor)));
        self.next = next.transpose()?;
        Ok(Some(out))
    }
}

/// A cell of what may be nothing.
pub fn cell(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
