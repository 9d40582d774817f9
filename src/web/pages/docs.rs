//! Contexts of the pages for developers.

use serde::Serialize;

use super::{Pages, Shell};
use crate::web::docs::Group;

/// `docs.html`: the rules, and all operations.
#[derive(Debug, Clone, Serialize)]
pub struct DocsIndex<'a> {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// As html.
    pub about: &'a str,
    pub groups: &'a [Group],
}

/// `docs_group.html`: operations that belong together.
#[derive(Debug, Clone, Serialize)]
pub struct DocsGroup<'a> {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    pub group: &'a Group,
}

/// `docs_guide.html`: a text.
#[derive(Debug, Clone, Serialize)]
pub struct DocsGuide<'a> {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// As html.
    pub guide: &'a str,
}

impl Pages {
    /// Where developers begin.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_docs(&self, page: &DocsIndex<'_>) -> Result<String, minijinja::Error> {
        self.render("docs.html", page)
    }

    /// Operations that belong together.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_docs_group(&self, page: &DocsGroup<'_>) -> Result<String, minijinja::Error> {
        self.render("docs_group.html", page)
    }

    /// The guide.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_docs_guide(&self, page: &DocsGuide<'_>) -> Result<String, minijinja::Error> {
        self.render("docs_guide.html", page)
    }
}
