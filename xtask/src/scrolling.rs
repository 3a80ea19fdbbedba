//! Scrolling a list in the real window as a person does, by wheel, by a held key and by the bar: the time between frames, and
//! whether there were rows. Beside it as plain a list as can be: every row an element.
//!
//! Left out on purpose: which lists there are (see `paint` and `scroll`).

use std::time::Duration;

use atalaya_window::Window;
use serde_json::{Value, json};

use crate::cost::{of_home, processor_secs};
use crate::frames::{Frames, spread};

/// How long each way is watched.
pub const SCROLLED: Duration = Duration::from_secs(8);
/// The same for whoever has no time.
pub const BRIEFLY: Duration = Duration::from_secs(3);
/// More plain rows than this take minutes to lay out.
pub const PLAIN_ROWS: u32 = 5_000;
/// After a list was taken far.
const ROWS_AGAIN: Duration = Duration::from_secs(30);
/// Of a row, pixels.
const ROW: f64 = 32.0;

/// Scrolls a list one step a frame, there and back, for so many seconds: the time between frames, the places passed, and the
/// frames in which the middle of the list showed no row. A step is so many pixels, a share of the whole, or a key pressed.
const SCROLL: &str = "const [secs, selector, height, way, done] = arguments;
    const list = document.querySelector(selector), box = list.getBoundingClientRect();
    const begun = performance.now(), gaps = [];
    const target = way.target && document.querySelector(way.target);
    let last = null, top = list.scrollTop, passed = 0, empty = 0, forth = true, stood = 0;
    const press = key => target.dispatchEvent(
        new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true }));
    const step = () => {
        if (way.keys) return press(way.keys[forth ? 0 : 1]);
        const by = way.pixels ?? list.scrollHeight * way.share;
        list.scrollTop += forth ? by : -by;
    };
    function frame(now) {
        if (last !== null) {
            gaps.push(now - last);
            const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            if (!there?.closest('[role=row]')) empty += 1;
        }
        last = now;
        // What a key moves is moved later in its frame.
        const moved = Math.abs(list.scrollTop - top);
        top = list.scrollTop;
        passed += moved / height;
        // A key moves a mark within what is in sight before it moves the list.
        stood = moved ? 0 : stood + 1;
        if (stood > (way.keys ? 60 : 1)) [forth, stood] = [!forth, 0];
        step();
        if (now - begun < secs * 1000) requestAnimationFrame(frame);
        else done([gaps, Math.round(passed), empty]);
    }
    requestAnimationFrame(frame)";

/// As many rows as wanted, each copied from one in sight, in a list of their own over everything else.
const PLAIN: &str = "const [wanted, selector, done] = arguments;
    const row = document.querySelector(selector), table = row.closest('[role=grid], [role=treegrid]');
    const list = document.createElement('div');
    list.setAttribute('data-plain', 'true');
    for (const [name, value] of Object.entries({ position: 'absolute', inset: '0', overflow: 'auto', background: 'canvas' }))
        list.style[name] = value;
    for (let made = 0; made < wanted; made += 1) {
        const copy = row.cloneNode(true);
        copy.removeAttribute('data-testid');
        list.append(copy);
    }
    table.style.position = 'relative';
    table.append(list);
    requestAnimationFrame(() => setTimeout(() => done(null), 0))";

/// Marks the list a row is in, to be found again.
const MARK: &str = "document.querySelector('[data-scrolled]')?.removeAttribute('data-scrolled');
    const list = document.querySelector(arguments[0]).closest('[role=rowgroup]');
    list.setAttribute('data-scrolled', 'true');
    list.scrollTop = 0";

/// A list and where its keys are heard.
pub struct List<'a> {
    /// Selector of any of its rows.
    pub row: &'a str,
    /// Selector of what hears its keys.
    pub keys: &'a str,
    /// Whether it has keys of its own for ten rows or more at a time.
    pub pages: bool,
}

/// Titles of the columns that `ways` and `plain` print: milliseconds between frames, and of processor time for each, which
/// says more on a machine that has other things to do.
pub fn titles() {
    println!(
        "{:<40}{:>8}{:>7}{:>8}{:>9}{:>11}{:>9}{:>11}",
        "", "p50", "p95", "p99", "longest", "places/s", "no row", "processor"
    );
}

/// Scrolls a list in each way and prints a row for each.
///
/// # Errors
/// The list is not there.
pub fn ways(window: &Window, name: &str, list: &List<'_>, each: Duration) -> Result<(), String> {
    let mut ways = vec![
        ("wheel, 2 rows a frame", json!({ "pixels": 2.0 * ROW })),
        ("arrow key each frame", json!({ "keys": ["ArrowDown", "ArrowUp"], "target": list.keys })),
        ("bar, 1/200 of it a frame", json!({ "share": 0.005 })),
    ];
    if list.pages {
        ways.insert(
            2,
            ("page key each frame", json!({ "keys": ["PageDown", "PageUp"], "target": list.keys })),
        );
    }
    for (way, step) in ways {
        mark(window, list)?;
        line(window, &format!("{name}: {way}"), "[data-scrolled]", step, each)?;
    }
    mark(window, list)
}

/// Marks a list and takes it to its beginning, once it has rows again: after a long way they may still be on theirs.
fn mark(window: &Window, list: &List<'_>) -> Result<(), String> {
    window.wait_until("there are rows again", ROWS_AGAIN, |page| {
        let there =
            page.execute("return !!document.querySelector(arguments[0])", &[Value::from(list.row)])?;
        Ok(there.as_bool().unwrap_or(false).then_some(()))
    })?;
    window.page().execute(MARK, &[Value::from(list.row)]).map(drop)
}

/// The naive list over the real one, scrolled by wheel; it stays where it is.
///
/// # Errors
/// There is no row to copy.
pub fn plain(window: &Window, name: &str, row: &str, rows: u32, each: Duration) -> Result<(), String> {
    window.get(row.trim_start_matches("[data-testid=\"").trim_end_matches("\"]"))?;
    window.page().execute_async(PLAIN, &[Value::from(rows), Value::from(row)])?;
    let name = format!("{name}, plain, {rows} rows: wheel");
    line(window, &name, "[data-plain]", json!({ "pixels": 2.0 * ROW }), each)?;
    window.page().execute("document.querySelector('[data-plain]').remove()", &[]).map(drop)
}

fn line(window: &Window, name: &str, list: &str, step: Value, each: Duration) -> Result<(), String> {
    let args = [Value::from(each.as_secs()), Value::from(list), Value::from(ROW), step];
    let home = window.data_folder();
    let before = processor_secs(&of_home(&home));
    let measured = window.page().execute_async(SCROLL, &args)?;
    let taken = processor_secs(&of_home(&home)) - before;
    let Frames { p50, p95, p99, worst } = spread(&measured[0])?;
    let passed = measured[1].as_f64().unwrap_or(0.0) / each.as_secs_f64();
    let frames = measured[0].as_array().map_or(1, Vec::len).max(1) as f64;
    let empty = measured[2].as_f64().unwrap_or(0.0) / frames * 100.0;
    println!(
        "{name:<40}{p50:>8.0}{p95:>7.0}{p99:>8.0}{worst:>9.0}{passed:>11.0}{empty:>8.0}%{:>11.1}",
        taken / frames * 1000.0
    );
    Ok(())
}
