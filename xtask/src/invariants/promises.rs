//! What the program promises its users: every promise in `docs/PROMISES.md` names tests that hold it, and they exist.
//!
//! Left out on purpose: whether a test really holds its promise; that takes a reader.

use super::Source;

const LIST: &str = "docs/PROMISES.md";

/// Judges the list.
pub fn check(sources: &[Source]) -> Vec<String> {
    let Some(list) = sources.iter().find(|source| source.path == LIST) else {
        return vec![format!("there is no {LIST}")];
    };
    let mut broken = Vec::new();
    let promises = promises(&list.text);
    if promises.is_empty() {
        broken.push(format!("{LIST} promises nothing"));
    }
    for (line, promise) in promises {
        broken.extend(judge(&promise, sources).into_iter().map(|what| format!("{LIST}:{line}: {what}")));
    }
    broken
}

/// Every item of the lists, whole, and the line it begins in.
fn promises(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if let Some(begins) = line.strip_prefix("- ") {
            found.push((number + 1, begins.to_owned()));
        } else if let (Some(goes_on), Some((_, promise))) = (line.strip_prefix("  "), found.last_mut()) {
            promise.push(' ');
            promise.push_str(goes_on.trim());
        }
    }
    found
}

/// What is wrong with one promise: words, a dash, and a file with its tests, or several.
fn judge(promise: &str, sources: &[Source]) -> Vec<String> {
    let Some((words, tests)) = promise.split_once(" — `") else {
        return vec!["the promise names no test".to_owned()];
    };
    let mut broken = Vec::new();
    if words.trim().is_empty() {
        broken.push("nothing is promised".to_owned());
    }
    let (mut file, mut named) = (None, 0);
    // What stands between backticks, the first of which is gone.
    for name in tests.split('`').step_by(2).filter(|name| !name.is_empty()) {
        if name.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "rs" | "ts")) {
            file = sources.iter().find(|source| source.path == name);
            if file.is_none() {
                broken.push(format!("there is no {name}"));
            }
            continue;
        }
        named += 1;
        if let Some(file) = file
            && !holds(file, name)
        {
            broken.push(format!("{} has no test \"{name}\"", file.path));
        }
    }
    if named == 0 {
        broken.push("the promise names no test".to_owned());
    }
    broken
}

fn holds(file: &Source, name: &str) -> bool {
    if file.is(&["rs"]) { is_test(&file.text, name) } else { is_title(&file.text, name) }
}

/// A function under a test's attribute that is not ignored; or any, in a file that is a program of its own.
fn is_test(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let own_program = lines.contains(&"fn main() {");
    let signature = format!("fn {name}(");
    lines.iter().enumerate().filter(|(_, line)| line.contains(&signature)).any(|(at, _)| {
        let above: Vec<&&str> = lines[..at]
            .iter()
            .rev()
            .take_while(|line| line.starts_with("#[") || line.starts_with("//"))
            .collect();
        let marked = above.iter().any(|line| line.starts_with("#[test") || line.starts_with("#[tokio::test"));
        (marked || own_program) && !above.iter().any(|line| line.starts_with("#[ignore"))
    })
}

/// The first argument of a call that runs: not of one that is put off.
fn is_title(text: &str, name: &str) -> bool {
    ["'", "\"", "`"].iter().any(|quote| {
        let title = format!("{quote}{name}{quote}");
        text.match_indices(&title).any(|(at, _)| {
            let before = text[..at].trim_end();
            before.ends_with('(') && ![".skip(", ".todo("].iter().any(|off| before.ends_with(off))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUST: &str = "#[test]\nfn it_holds() {}\n#[tokio::test(flavor = \"multi_thread\")]\n// Why.\nasync fn \
                        it_waits() {}\nfn no_test() {}\n#[test]\n#[ignore]\nfn put_off() {}";
    const TYPESCRIPT: &str = "it('keeps it', () => {});\nit.each([1])(\n  'of each: %s', () => {});\nit.skip('later', f);\nf('x', 'y');";

    fn judged(list: &str) -> Vec<String> {
        let source = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
        check(&[
            source(LIST, list),
            source("a/tests/it.rs", RUST),
            source("a/tests/own.rs", "fn main() {\n    killed();\n}\n\nfn killed() {}"),
            source("ui/src/a.test.ts", TYPESCRIPT),
        ])
    }

    #[test]
    fn promises_whose_tests_exist_are_kept() {
        let list = "# Promises\n\nWords.\n\n- It holds — `a/tests/it.rs`: `it_holds`\n- It holds, everywhere and for \
                    ever —\n  nearly — `a/tests/it.rs`: `it_waits`, `it_holds`; `a/tests/own.rs`: `killed`\n- Each — \
                    `ui/src/a.test.ts`:\n  `keeps it`, `of each: %s`\n";
        assert_eq!(judged(list), [""; 0]);
    }

    #[test]
    fn what_names_no_test_that_runs_is_told_with_its_line() {
        for (list, wanted) in [
            ("", "docs/PROMISES.md promises nothing"),
            ("\n- It is so", "docs/PROMISES.md:2: the promise names no test"),
            ("- It is so — `a/tests/it.rs`", "docs/PROMISES.md:1: the promise names no test"),
            ("- It is so — `a/gone.rs`: `it_holds`", "docs/PROMISES.md:1: there is no a/gone.rs"),
            (
                "- It — `a/tests/it.rs`: `it_hold`",
                "docs/PROMISES.md:1: a/tests/it.rs has no test \"it_hold\"",
            ),
            (
                "- It — `a/tests/it.rs`: `no_test`",
                "docs/PROMISES.md:1: a/tests/it.rs has no test \"no_test\"",
            ),
            (
                "- It — `a/tests/it.rs`: `put_off`",
                "docs/PROMISES.md:1: a/tests/it.rs has no test \"put_off\"",
            ),
            (
                "- It — `ui/src/a.test.ts`: `later`",
                "docs/PROMISES.md:1: ui/src/a.test.ts has no test \"later\"",
            ),
            ("- It — `ui/src/a.test.ts`: `y`", "docs/PROMISES.md:1: ui/src/a.test.ts has no test \"y\""),
        ] {
            assert_eq!(judged(list), [wanted], "{list}");
        }
        assert_eq!(check(&[]), ["there is no docs/PROMISES.md"]);
    }
}
