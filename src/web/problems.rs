//! `/docs/problems`: what a problem's `type` leads to.

use actix_web::http::StatusCode;

use super::{
    pages::{ListedProblem, ProblemsPage},
    visit::{Visit, html},
};
use platform::{
    http::Answer,
    kernel::error::{LISTED, Listed},
};

/// Every problem that the API answers with, by status.
pub async fn list(visit: Visit) -> Answer {
    let shown = |Listed { status, code, title, about, help }| ListedProblem {
        status,
        code,
        title,
        about,
        help,
    };
    let mut problems: Vec<ListedProblem> = LISTED.iter().copied().map(shown).collect();
    problems.sort_by_key(|problem| problem.status);
    let page = ProblemsPage { shell: visit.shell(), problems };
    html(StatusCode::OK, visit.pages.render_problems(&page))
}
