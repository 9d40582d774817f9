//! `/docs/problems`: what a problem's `type` leads to.

use actix_web::http::StatusCode;

use super::{
    pages::{ListedProblem, ProblemsPage},
    visit::{Visit, html},
};
use crate::http::{Answer, problems::PROBLEMS};

/// Every problem that the API answers with.
pub async fn list(visit: Visit) -> Answer {
    let shown = |(status, code, title, about)| ListedProblem { status, code, title, about };
    let problems = PROBLEMS.into_iter().map(shown).collect();
    let page = ProblemsPage { shell: visit.shell(), problems };
    html(StatusCode::OK, visit.pages.render_problems(&page))
}
