//! What axe-core finds on every page: nothing. It lies where `VILDAR_AXE` says (`axe.min.js` of the
//! npm package `axe-core`).

use crate::{
    demo::Demo,
    support::{
        browser::{Browser, Page},
        programs,
    },
    tour::every_page,
};

/// The script, where it is there; a loud word where not.
pub fn script() -> Option<String> {
    let axe = std::env::var_os("VILDAR_AXE").map(std::fs::read_to_string);
    if axe.is_none() {
        programs::skipped("VILDAR_AXE names no axe.min.js: the pages were not looked at by axe");
    }
    Some(axe?.expect("axe.min.js"))
}

/// What it finds on the page as it is.
pub fn violations(page: &mut Page, axe: &str) -> String {
    page.eval(&format!("{axe}; 0"));
    let told = page.eval(
        "axe.run().then(all => all.violations.map(one => \
         `${one.id}: ${one.nodes.map(node => node.target.join(' ')).join(', ')}`).join('; '))",
    );
    told.as_str().expect("a text").to_owned()
}

#[test]
fn every_page_is_for_everybody() {
    let Some(axe) = script() else { return };
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    let mut found = Vec::new();
    let mut look = |page: &mut Page, path: &str| {
        for (width, dark) in [(1280, false), (390, true)] {
            page.size(width, 800);
            page.dark(dark);
            page.goto(&format!("{}{path}", demo.url));
            let told = violations(page, &axe);
            if !told.is_empty() {
                found.push(format!("{path} at {width}, dark {dark}: {told}"));
            }
        }
    };
    every_page(&mut browser, &demo, &mut look);
    assert!(found.is_empty(), "{found:#?}");
}
