//! Every page, measured as a reader sees it: nothing runs out at the side, nothing is squeezed to a
//! word a line. No checker of rules sees either.

use crate::{
    demo::Demo,
    support::browser::{Browser, Page},
    tour::every_page,
};

/// All that is folded is opened; then what is wider than the page, and every text of 40 characters
/// or more whose block is narrower than 20 characters of its own font.
const WRONG: &str = r"(() => {
    for (const folded of document.querySelectorAll('details')) folded.open = true;
    const wrong = [];
    const name = element => element.tagName.toLowerCase() + (element.id && '#' + element.id)
        + (element.className.baseVal ?? element.className).replace(/(^|\s+)(?=\S)/g, '.');
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) {
        const out = [...document.body.querySelectorAll('*')].filter(element =>
            element.getBoundingClientRect().right > innerWidth + .5 && !element.closest('.overflow-auto > *'));
        wrong.push(`${wide} px wider than the page: ${out.slice(0, 4).map(name).join(', ')}`);
    }
    const ruler = document.createElement('canvas').getContext('2d');
    for (const element of document.body.querySelectorAll(':not(script, style, option, textarea)')) {
        const own = [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE)
            .map(node => node.textContent.trim()).join(' ').trim();
        if (own.length < 40 || !element.checkVisibility({ visibilityProperty: true })) continue;
        if (element.closest('.hidden, svg')) continue;
        let block = element;
        while (['inline', 'contents'].includes(getComputedStyle(block).display)) block = block.parentElement;
        const style = getComputedStyle(block);
        const room = block.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        ruler.font = getComputedStyle(element).font;
        const least = 20 * ruler.measureText('0').width;
        if (room < least)
            wrong.push(`${name(element)} has ${Math.round(room)} px of ${Math.round(least)}: ${own.slice(0, 40)}`);
    }
    return [...new Set(wrong)].join('; ');
})()";

const WIDTHS: [u32; 3] = [320, 390, 1280];

fn wrong(page: &mut Page) -> String {
    page.eval(WRONG).as_str().expect("a text").to_owned()
}

#[test]
fn no_page_runs_out_at_the_side_and_no_text_is_squeezed() {
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    let mut found = Vec::new();
    let mut look = |page: &mut Page, path: &str| {
        for width in WIDTHS {
            page.size(width, 800);
            page.goto(&format!("{}{path}", demo.url));
            let told = wrong(page);
            if !told.is_empty() {
                found.push(format!("{path} at {width}: {told}"));
            }
        }
    };
    every_page(&mut browser, &demo, &mut look);
    assert!(found.is_empty(), "{found:#?}");

    // and it would be seen
    let mut page = browser.page();
    for (spoil, told) in [
        ("main h1 { min-width: 2000px }", "wider"),
        (".problems .panel { display: grid; grid-template-columns: 95% 1fr }", "px of"),
        (".problems { width: 8rem }", "px of"),
    ] {
        page.size(1280, 800);
        page.goto(&format!("{}/docs/problems", demo.url));
        assert_eq!(wrong(&mut page), "");
        page.eval(&format!("document.head.append(Object.assign(document.createElement('style'), {{textContent: '{spoil}'}})); 0"));
        let seen = wrong(&mut page);
        assert!(seen.contains(told), "{spoil}: {seen}");
    }
}
