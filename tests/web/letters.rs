//! Every letter, looked at in a browser: on a phone and on a desk, by day and by night.

use crate::{demo::Demo, support::browser::Browser};

/// What a reader would see as wrong: something wider than the page, a picture that is missing, words
/// that can hardly be told from their paper.
const WRONG: &str = r#"(() => {
    const wrong = [];
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) wrong.push(`${wide} px wider than the page`);
    if (document.querySelectorAll('h1').length !== 1) wrong.push('not one heading');
    if (!/^(en|is)$/.test(document.documentElement.lang)) wrong.push('no language');
    for (const picture of document.images)
        if (!picture.naturalWidth) wrong.push(`no picture: ${picture.alt}`);
    const channels = color => (color.match(/[\d.]+/g) ?? []).map(Number);
    const light = color => {
        const [r, g, b] = channels(color).map(v => v / 255)
            .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const paper = element => {
        for (let at = element; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            const alpha = channels(color)[3];
            if (alpha === undefined || alpha > .5) return color;
        }
        return matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
    };
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
        const text = words.currentNode.textContent.trim(), element = words.currentNode.parentElement;
        const box = element.getBoundingClientRect();
        if (!text || !box.width || getComputedStyle(element).display === 'none') continue;
        // what is meant for the list of letters alone
        if (element.closest('[style*="max-height:0"], [style*="max-height: 0"], [style*="opacity:0"]')) continue;
        const [one, two] = [light(getComputedStyle(element).color), light(paper(element))];
        const contrast = (Math.max(one, two) + .05) / (Math.min(one, two) + .05);
        if (contrast < 4.5) wrong.push(`contrast ${contrast.toFixed(1)}: ${text.slice(0, 40)}`);
    }
    return wrong.join('; ');
})()"#;

#[test]
fn every_letter_reads_well_everywhere() {
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    let mut page = browser.page();
    page.goto(&format!("{}/demo/letters", demo.url));
    let count = page.eval("document.querySelectorAll('.samples li').length").as_u64();
    let count = count.expect("a number");
    assert!(count > 50, "only {count} letters");
    let mut found = Vec::new();
    for (width, dark) in [(360, false), (360, true), (900, false), (900, true)] {
        page.size(width, 800);
        page.dark(dark);
        for number in 0..count {
            let language = if (number + u64::from(dark)) % 2 == 0 { "is" } else { "en" };
            page.goto(&format!("{}/demo/letters/{number}/{language}", demo.url));
            let wrong = page.eval(WRONG);
            let wrong = wrong.as_str().expect("a text");
            if !wrong.is_empty() {
                found.push(format!("{number} {language} at {width}, dark {dark}: {wrong}"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    // and it would be seen
    for (spoil, told) in [
        (
            "document.querySelector('.title div').style.cssText += 'color: #444 !important'",
            "contrast",
        ),
        ("document.body.style.width = '2000px'", "wider"),
    ] {
        page.goto(&format!("{}/demo/letters/0/is", demo.url));
        page.eval(&format!("{spoil}; 0"));
        let wrong = page.eval(WRONG);
        assert!(wrong.as_str().is_some_and(|wrong| wrong.contains(told)), "{wrong}");
    }
}
