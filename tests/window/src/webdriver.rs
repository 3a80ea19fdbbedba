//! The few commands of `WebDriver` that the window needs.

use serde_json::{Value, json};

use crate::http::{from_base64, request};

/// Keys that have no letter.
pub mod keys {
    /// Enter.
    pub const ENTER: &str = "\u{E007}";
    /// Escape.
    pub const ESCAPE: &str = "\u{E00C}";
    /// Tab.
    pub const TAB: &str = "\u{E004}";
    /// Backspace.
    pub const BACKSPACE: &str = "\u{E003}";
    /// To the beginning.
    pub const HOME: &str = "\u{E011}";
    /// To the end.
    pub const END: &str = "\u{E010}";
    /// Arrow left.
    pub const LEFT: &str = "\u{E012}";
    /// Arrow up.
    pub const UP: &str = "\u{E013}";
    /// Arrow right.
    pub const RIGHT: &str = "\u{E014}";
    /// Arrow down.
    pub const DOWN: &str = "\u{E015}";
    /// Shift, held while the keys after it go down.
    pub const SHIFT: &str = "\u{E008}";
    /// Control, held while the keys after it go down.
    pub const CONTROL: &str = "\u{E009}";
}

/// Name of an element's number in JSON, from the standard.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Without compositing the driver waits for the next thing drawn, on a still page for ever: a point in the corner that is
/// not to be seen, and not always the same, keeps it drawing.
const BEAT: &str = "const dot = document.body.appendChild(document.createElement('i'));
    dot.dataset.beat = '';
    dot.style.cssText = 'position:fixed;right:0;bottom:0;width:1px;height:1px';
    let on = false;
    window.beat = setInterval(() => {
        on = !on;
        dot.style.background = on ? 'rgb(0 0 0 / 0%)' : 'rgb(255 255 255 / 0%)';
    }, 40)";

/// An element of the page; may be gone by the time it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element(String);

/// One open window; closed when dropped.
pub struct Session {
    port: u16,
    id: String,
}

impl Session {
    /// Has the driver on `port` open `application`.
    ///
    /// # Errors
    /// What the driver said.
    pub fn open(port: u16, application: &str, args: &[String]) -> Result<Self, String> {
        let wish = json!({ "capabilities": { "alwaysMatch": {
            "tauri:options": { "application": application, "args": args },
        } } });
        let reply = value(request(port, "POST", "/session", Some(&wish))?)?;
        let id = reply["sessionId"].as_str().ok_or("the driver opened a session without a number")?;
        Ok(Self { port, id: id.to_owned() })
    }

    fn command(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        value(request(self.port, method, &format!("/session/{}{path}", self.id), body)?)
    }

    /// The program's windows, by the driver's names.
    ///
    /// # Errors
    /// What the driver said.
    pub fn windows(&self) -> Result<Vec<String>, String> {
        let found = self.command("GET", "/window/handles", None)?;
        Ok(found
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|name| Some(name.as_str()?.to_owned()))
            .collect())
    }

    /// Everything from here on is asked of that window.
    ///
    /// # Errors
    /// What the driver said, as when it is gone.
    pub fn switch_to(&self, window: &str) -> Result<(), String> {
        self.command("POST", "/window", Some(&json!({ "handle": window }))).map(drop)
    }

    /// The first element a CSS selector finds now.
    ///
    /// # Errors
    /// What the driver said, other than that there is none.
    pub fn find(&self, selector: &str) -> Result<Option<Element>, String> {
        Ok(self.find_all(selector)?.into_iter().next())
    }

    /// All elements a CSS selector finds now, in the order of the page.
    ///
    /// # Errors
    /// What the driver said.
    pub fn find_all(&self, selector: &str) -> Result<Vec<Element>, String> {
        let found =
            self.command("POST", "/elements", Some(&json!({ "using": "css selector", "value": selector })))?;
        let elements = found.as_array().into_iter().flatten();
        Ok(elements.filter_map(|element| Some(Element(element[ELEMENT].as_str()?.to_owned()))).collect())
    }

    /// The text a person sees.
    ///
    /// # Errors
    /// What the driver said, as when the element is gone.
    pub fn text(&self, element: &Element) -> Result<String, String> {
        // Not the driver's own reading of it, which stumbles over options of a list of suggestions.
        let script = "return arguments[0].innerText.trim()";
        let text = self.execute(script, &[json!({ ELEMENT: element.0 })])?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// An attribute, `None` when it is not there.
    ///
    /// # Errors
    /// What the driver said, as when the element is gone.
    pub fn attribute(&self, element: &Element, name: &str) -> Result<Option<String>, String> {
        let found = self.command("GET", &format!("/element/{}/attribute/{name}", element.0), None)?;
        Ok(found.as_str().map(str::to_owned))
    }

    /// Clicks in its middle, after scrolling it into view.
    ///
    /// # Errors
    /// What the driver said, as when something covers it.
    pub fn click(&self, element: &Element) -> Result<(), String> {
        self.command("POST", &format!("/element/{}/click", element.0), Some(&json!({}))).map(drop)
    }

    /// Moves the pointer to a place of the page, pixels from its corner.
    ///
    /// # Errors
    /// What the driver said.
    pub fn point(&self, x: u32, y: u32) -> Result<(), String> {
        let to = json!({ "type": "pointerMove", "duration": 0, "x": x, "y": y, "origin": "viewport" });
        let mouse = json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": [to] });
        self.command("POST", "/actions", Some(&json!({ "actions": [mouse] }))).map(drop)
    }

    /// Clicks twice in its middle.
    ///
    /// # Errors
    /// What the driver said.
    pub fn double_click(&self, element: &Element) -> Result<(), String> {
        let mut actions = vec![
            json!({ "type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": { ELEMENT: element.0 } }),
        ];
        for _ in 0..2 {
            actions.push(json!({ "type": "pointerDown", "button": 0 }));
            actions.push(json!({ "type": "pointerUp", "button": 0 }));
        }
        let mouse = json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions });
        self.command("POST", "/actions", Some(&json!({ "actions": [mouse] }))).map(drop)
    }

    /// Types into a field, after what is in it.
    ///
    /// # Errors
    /// What the driver said, as when it takes no text.
    pub fn type_into(&self, element: &Element, text: &str) -> Result<(), String> {
        self.command("POST", &format!("/element/{}/value", element.0), Some(&json!({ "text": text })))
            .map(drop)
    }

    /// Empties a field.
    ///
    /// # Errors
    /// What the driver said.
    pub fn clear(&self, element: &Element) -> Result<(), String> {
        self.command("POST", &format!("/element/{}/clear", element.0), Some(&json!({}))).map(drop)
    }

    /// Tells the page that a field is another than it was, as keys do.
    ///
    /// # Errors
    /// What the driver said, as when the field is gone.
    pub fn changed(&self, field: &Element) -> Result<(), String> {
        let script = "for (const kind of ['input', 'change'])
            arguments[0].dispatchEvent(new Event(kind, { bubbles: true }))";
        self.execute(script, &[json!({ ELEMENT: field.0 })]).map(drop)
    }

    /// Presses keys one after the other, wherever the focus is; those of [`keys`] too. Shift and Control stay down
    /// until the last key is up.
    ///
    /// # Errors
    /// What the driver said.
    pub fn press(&self, text: &str) -> Result<(), String> {
        let held = |key: char| [keys::SHIFT, keys::CONTROL].iter().any(|name| name.starts_with(key));
        let mut actions = Vec::new();
        for key in text.chars() {
            actions.push(json!({ "type": "keyDown", "value": key.to_string() }));
            if !held(key) {
                actions.push(json!({ "type": "keyUp", "value": key.to_string() }));
            }
        }
        for key in text.chars().rev().filter(|key| held(*key)) {
            actions.push(json!({ "type": "keyUp", "value": key.to_string() }));
        }
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.command("POST", "/actions", Some(&body)).map(drop)
    }

    /// Runs a script in the page: the body of a function, with `args` as its `arguments`.
    ///
    /// # Errors
    /// What the script threw.
    pub fn execute(&self, script: &str, args: &[Value]) -> Result<Value, String> {
        self.command("POST", "/execute/sync", Some(&json!({ "script": script, "args": args })))
    }

    /// Runs a script that ends by calling its last argument.
    ///
    /// # Errors
    /// What the script threw, or that it did not end in time.
    pub fn execute_async(&self, script: &str, args: &[Value]) -> Result<Value, String> {
        self.command("POST", "/execute/async", Some(&json!({ "script": script, "args": args })))
    }

    /// What the page looks like now, as PNG.
    ///
    /// # Errors
    /// What the driver said.
    pub fn screenshot(&self) -> Result<Vec<u8>, String> {
        self.execute(BEAT, &[])?;
        let taken = self.still();
        self.execute("clearInterval(window.beat); document.querySelector('i[data-beat]')?.remove()", &[])?;
        taken
    }

    fn still(&self) -> Result<Vec<u8>, String> {
        let text = self.command("GET", "/screenshot", None)?;
        text.as_str().and_then(from_base64).ok_or_else(|| "the driver sent no picture".to_owned())
    }

    /// Gives the window a size in pixels.
    ///
    /// # Errors
    /// What the driver said.
    pub fn resize(&self, width: u32, height: u32) -> Result<(), String> {
        let body = json!({ "x": 0, "y": 0, "width": width, "height": height });
        self.command("POST", "/window/rect", Some(&body)).map(drop)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The window may be gone already, and its driver is stopped next in any case.
        let _ = self.command("DELETE", "", None);
    }
}

/// The value of a reply, or the driver's error as a sentence.
fn value((status, mut reply): (u16, Value)) -> Result<Value, String> {
    let value = reply["value"].take();
    if status == 200 {
        return Ok(value);
    }
    let (error, message) =
        (value["error"].as_str().unwrap_or("unknown"), value["message"].as_str().unwrap_or(""));
    Err(format!("the driver answered {status}: {error} {message}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_the_driver_is_an_error_with_its_words() {
        let refused = json!({ "value": { "error": "stale element reference", "message": "it is gone" } });
        assert_eq!(
            value((404, refused)),
            Err("the driver answered 404: stale element reference it is gone".to_owned())
        );
        assert_eq!(value((200, json!({ "value": [1] }))), Ok(json!([1])));
    }
}
