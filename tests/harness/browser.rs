use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;

use crate::support::browser::Browser;

const FORM: &str = r"<!doctype html><meta name=viewport content='width=device-width'>
<style>:root { color-scheme: light dark } .tall { height: 3000px }</style>
<h1>Form</h1><noscript>no scripts</noscript>
<form action=/done><input name=name><select name=size><option>S<option>L</select>
<div class=tall></div><button>Send</button></form>
<button id=later onclick=add()>Later</button>
<script>function add() { setTimeout(() => document.body.append(
    Object.assign(document.createElement('p'), {id: 'late', innerText: 'added'})), 300) }</script>";

/// Serves the form, and at any other path what was asked for; ends with the test process.
fn serve() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(&stream));
        }
    });
    url
}

fn answer(mut stream: &TcpStream) -> std::io::Result<()> {
    let lines = BufReader::new(stream).lines();
    let head: Vec<String> =
        lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let path = head.first().and_then(|line| line.split(' ').nth(1)).unwrap_or("/");
    let (status, body) = match path {
        "/" => ("200 OK", FORM.to_owned()),
        "/missing.js" => ("404 Not Found", String::new()),
        "/broken" => (
            "200 OK",
            "<script src=/missing.js></script><script>console.error('told', 7); absent()</script>"
                .to_owned(),
        ),
        path => ("200 OK", format!("<h1>Done</h1><p>{path}</p><a href=/>Back</a>")),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

#[test]
fn fills_clicks_and_reads() {
    let Some(mut browser) = Browser::launch() else {
        return;
    };
    let url = serve();
    let mut page = browser.page();
    page.goto(&url);
    page.fill("[name=name]", "Sigga & co");
    page.fill("select", "L");
    page.click("form button");
    assert_eq!(page.text("h1"), "Done");
    assert_eq!(page.text("p"), "/done?name=Sigga+%26+co&size=L");
    page.click("a");
    assert_eq!(page.text("h1"), "Form");
    page.click("#later");
    page.wait_for("#late");
    assert_eq!(page.eval("Promise.resolve([1, 'two'])"), serde_json::json!([1, "two"]));
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn shows_a_page_as_a_visitor_has_it() {
    let Some(mut browser) = Browser::launch() else {
        return;
    };
    let url = serve();
    let mut page = browser.page();
    page.size(390, 844);
    page.dark(true);
    page.goto(&url);
    assert_eq!(page.eval("innerWidth"), 390);
    assert_eq!(page.eval("matchMedia('(prefers-color-scheme: dark)').matches"), true);
    let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("harness/form.png");
    page.screenshot(&picture);
    let png = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(picture).unwrap()));
    let png = png.read_info().unwrap();
    assert_eq!(png.info().width, 390);
    assert!(png.info().height > 3000, "the whole page, not the window");

    page.scripts(false);
    page.goto(&url);
    assert_eq!(page.text("noscript"), "no scripts");

    page.eval("document.cookie = 'who=first'");
    let mut other = browser.page();
    other.goto(&url);
    assert_eq!(other.eval("document.cookie"), "");
}

#[test]
fn collects_what_went_wrong() {
    let Some(mut browser) = Browser::launch() else {
        return;
    };
    let url = serve();
    let mut page = browser.page();
    page.goto(&format!("{url}broken"));
    let errors = page.console_errors().join("\n");
    for part in ["told 7", "absent is not defined", "/missing.js"] {
        assert!(errors.contains(part), "{errors}");
    }
}

#[test]
#[should_panic(expected = "could not click \"#absent\"")]
fn says_what_it_could_not_find() {
    let Some(mut browser) = Browser::launch() else {
        panic!("could not click \"#absent\": there is no browser to ask");
    };
    let mut page = browser.page();
    page.goto(&serve());
    page.click("#absent");
}
