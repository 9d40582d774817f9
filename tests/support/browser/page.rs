//! What a test does on a page.

use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::cdp::{Cdp, TIMEOUT};

/// How long after a click a navigation may begin that the click caused.
const GRACE: Duration = Duration::from_millis(200);

/// One visitor's page. Dialogs (`alert`, `confirm`) are accepted.
pub struct Page {
    cdp: Cdp,
    main_frame: String,
    navigation: Navigation,
    errors: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Navigation {
    None,
    Requested,
    Loading,
}

impl Page {
    pub(super) fn new(cdp: Cdp) -> Self {
        let mut page = Self {
            cdp,
            main_frame: String::new(),
            navigation: Navigation::None,
            errors: Vec::new(),
        };
        for domain in ["Page", "Runtime", "Log"] {
            page.call(&format!("{domain}.enable"), json!({}));
        }
        let tree = page.call("Page.getFrameTree", json!({}));
        page.main_frame = text_of(&tree["frameTree"]["frame"]["id"]);
        page.size(1280, 800);
        page
    }

    /// Opens a URL and waits until it has loaded.
    pub fn goto(&mut self, url: &str) {
        self.navigation = Navigation::Requested;
        let answer = self.call("Page.navigate", json!({"url": url}));
        if let Some(error) = answer["errorText"].as_str() {
            panic!("{url} does not open: {error}");
        }
        if answer["loaderId"].is_null() {
            self.navigation = Navigation::None; // only the fragment has changed
        }
        self.wait_for_navigation(url);
    }

    /// Clicks the middle of the first match with a real mouse, once it is visible, enabled and
    /// under nothing else; if a navigation follows, waits until it has loaded.
    pub fn click(&mut self, css: &str) {
        let spot = self.wait_until(
            &format!("click {css:?}"),
            &on_first(
                css,
                "e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
                const r = e.getClientRects()[0];
                if (!r || !r.width || !r.height || e.disabled) return null;
                const [x, y] = [r.x + r.width / 2, r.y + r.height / 2];
                const hit = document.elementFromPoint(x, y);
                return e.contains(hit) || hit?.closest('label')?.control === e ? {x, y} : null;",
            ),
        );
        self.navigation = Navigation::None;
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            self.call(
                "Input.dispatchMouseEvent",
                json!({"type": kind, "x": spot["x"], "y": spot["y"], "button": button, "clickCount": 1}),
            );
        }
        let since = Instant::now();
        while self.navigation == Navigation::None && since.elapsed() < GRACE {
            self.listen();
        }
        self.wait_for_navigation(&format!("what follows a click on {css:?}"));
    }

    /// Puts text into a field, or chooses the value of a select.
    pub fn fill(&mut self, css: &str, text: &str) {
        let js = format!(
            "if (!e.getClientRects().length || e.disabled || e.readOnly) return null;
            e.focus();
            e.value = {text};
            if (e.value !== {text}) return null;
            for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, {{bubbles: true}}));
            return true;",
            text = json!(text),
        );
        self.wait_until(&format!("fill {css:?} with {text:?}"), &on_first(css, &js));
    }

    /// Presses a key where the focus is: `Tab`, `Enter` or `Escape`.
    pub fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            _ => panic!("no test pressed {key} yet"),
        };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let params = json!({"type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": code});
            self.call("Input.dispatchKeyEvent", params);
        }
    }

    /// The text of the first match as a reader sees it, once it is there.
    pub fn text(&mut self, css: &str) -> String {
        let text = self.wait_until(&format!("read {css:?}"), &on_first(css, "return e.innerText;"));
        text_of(&text)
    }

    /// Waits until the first match is there and visible.
    pub fn wait_for(&mut self, css: &str) {
        let visible = on_first(css, "return e.getClientRects().length > 0;");
        self.wait_until(&format!("see {css:?}"), &visible);
    }

    /// Waits until an expression is truthy, and gives its value; `what` is for the panic.
    pub fn wait_until(&mut self, what: &str, js: &str) -> Value {
        let since = Instant::now();
        loop {
            let why = match self.try_eval(js) {
                Ok(Value::Null | Value::Bool(false)) => String::new(),
                Ok(value) => return value,
                Err(error) => error, // such as a page that is just being left
            };
            if since.elapsed() > TIMEOUT {
                self.fail(&format!("could not {what} within {TIMEOUT:?} {why}"));
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    /// The value of a JavaScript expression; a promise is awaited.
    pub fn eval(&mut self, js: &str) -> Value {
        match self.try_eval(js) {
            Ok(value) => value,
            Err(error) => self.fail(&format!("{js}: {error}")),
        }
    }

    /// The whole page, as far as it scrolls, as a PNG.
    pub fn screenshot(&mut self, path: impl AsRef<Path>) {
        let size = self.call("Page.getLayoutMetrics", json!({}));
        let size = &size["cssContentSize"];
        let clip =
            json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let shot = self.call(
            "Page.captureScreenshot",
            json!({"format": "png", "captureBeyondViewport": true, "clip": clip}),
        );
        let png = STANDARD.decode(text_of(&shot["data"])).expect("base64");
        let path = path.as_ref();
        path.parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::write(path, png))
            .expect("the picture is written");
    }

    /// What a printer would get, as a PDF.
    pub fn pdf(&mut self) -> Vec<u8> {
        let asked = json!({"preferCSSPageSize": true, "printBackground": false});
        let printed = self.call("Page.printToPDF", asked);
        STANDARD.decode(text_of(&printed["data"])).expect("base64")
    }

    /// The size of the window in CSS pixels; below 600 it is a phone's.
    pub fn size(&mut self, width: u32, height: u32) {
        let params = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.call("Emulation.setDeviceMetricsOverride", params);
    }

    /// Whether this visitor prefers dark colours.
    pub fn dark(&mut self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": value}]);
        self.call("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    /// Whether pages may run scripts, from the next one on; what a test itself asks still runs.
    pub fn scripts(&mut self, allowed: bool) {
        self.call("Emulation.setScriptExecutionDisabled", json!({"value": !allowed}));
    }

    /// What went wrong so far: uncaught exceptions, failed loads, `console.error`.
    pub fn console_errors(&mut self) -> Vec<String> {
        self.eval("0"); // what the page said before this, it has said by now
        self.errors.clone()
    }

    fn wait_for_navigation(&mut self, what: &str) {
        let since = Instant::now();
        while self.navigation != Navigation::None {
            if since.elapsed() > TIMEOUT {
                self.fail(&format!("{what} did not load within {TIMEOUT:?}"));
            }
            self.listen();
        }
    }

    fn try_eval(&mut self, js: &str) -> Result<Value, String> {
        let params = json!({"expression": js, "returnByValue": true, "awaitPromise": true, "userGesture": true});
        let mut answer = self.cdp.call("Runtime.evaluate", params)?;
        self.look_at_events();
        match answer.get("exceptionDetails") {
            Some(details) => Err(exception(details)),
            None => Ok(answer["result"]["value"].take()),
        }
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        let answer = self.cdp.call(method, params);
        self.look_at_events();
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn listen(&mut self) {
        self.cdp.listen().unwrap_or_else(|error| panic!("{error}"));
        self.look_at_events();
    }

    fn look_at_events(&mut self) {
        while let Some(mut event) = self.cdp.events.pop_front() {
            let method = text_of(&event["method"]);
            self.look_at(&method, &event["params"].take());
        }
    }

    fn look_at(&mut self, method: &str, event: &Value) {
        let main = event["frameId"] == self.main_frame.as_str();
        match method {
            "Page.frameRequestedNavigation"
                if main
                    && event["disposition"] == "currentTab"
                    && self.navigation == Navigation::None =>
            {
                self.navigation = Navigation::Requested;
            }
            "Page.frameStartedLoading" if main => self.navigation = Navigation::Loading,
            "Page.frameStoppedLoading" if main && self.navigation == Navigation::Loading => {
                self.navigation = Navigation::None;
            }
            "Page.navigatedWithinDocument" if main && self.navigation == Navigation::Requested => {
                self.navigation = Navigation::None;
            }
            "Log.entryAdded" if event["entry"]["level"] == "error" => {
                let entry = &event["entry"];
                self.errors.push(format!("{} {}", text_of(&entry["text"]), text_of(&entry["url"])));
            }
            "Runtime.exceptionThrown" => self.errors.push(exception(&event["exceptionDetails"])),
            "Runtime.consoleAPICalled" if event["type"] == "error" => {
                let said = event["args"].as_array().into_iter().flatten();
                let said = said.map(|arg| {
                    let value = arg.get("value").or(arg.get("description"));
                    value.map_or_else(String::new, text_of)
                });
                self.errors.push(said.collect::<Vec<_>>().join(" "));
            }
            _ => {}
        }
    }

    /// Panics with what the page shows.
    fn fail(&mut self, what: &str) -> ! {
        let shown = self.try_eval("location.href + '\\n' + (document.body?.innerText ?? '')");
        let shown = shown.map_or_else(|error| error, |shown| text_of(&shown));
        let shown: String = shown.chars().take(2_000).collect();
        panic!("{what}\nThe page is {shown}\nIts errors: {:?}", self.errors);
    }
}

/// An expression: what `body` returns for the first match `e`, or null while there is none.
fn on_first(css: &str, body: &str) -> String {
    let css = json!(css);
    format!("(() => {{ const e = document.querySelector({css}); if (!e) return null; {body} }})()")
}

fn exception(details: &Value) -> String {
    let described = &details["exception"]["description"];
    text_of(if described.is_string() { described } else { &details["text"] })
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
