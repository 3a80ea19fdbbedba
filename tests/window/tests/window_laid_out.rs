//! What looks at the layout sees what a person would: each kind of fault is planted on the sign-in page, and found, and the
//! page as it is has none.
#![cfg(target_os = "linux")]

use atalaya_window::{Opening, Window};
use serde_json::Value;

/// What is planted, and what is to be said of it.
const PLANTED: [(&str, &[&str]); 9] = [
    (
        "<p data-css='width:60px;overflow:hidden;white-space:nowrap'>a line that is too long</p>",
        &["cut: \"a line that is too long\""],
    ),
    (
        "<p data-css='width:60px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap'>a name without its end</p>",
        &["cut: \"a name without its end\"", "its whole text is nowhere"],
    ),
    (
        "<h2 title='all of it' data-css='width:60px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap'>a head too long</h2>",
        &["cut: the head or label \"a head too long\""],
    ),
    (
        "<p title='row' data-css='width:120px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap'>
            <button data-css='width:80px'>one</button><button data-css='width:80px'>two</button></p>",
        &["cut: <button>, \"two\""],
    ),
    (
        "<p data-css='height:8px;overflow:hidden;line-height:24px'>half a line</p>",
        &["cut: \"half a line\"", "of its height"],
    ),
    (
        "<div data-css='display:grid'><p data-css='grid-area:1/1'>first text</p><p data-css='grid-area:1/1'>second text</p></div>",
        &["over: the texts \"first text\"", "\"second text\""],
    ),
    (
        "<div data-css='width:100px;overflow:auto'><div data-css='width:300px'>wide</div></div>",
        &["sideways: "],
    ),
    (
        "<p data-css='position:fixed;left:-30px;top:200px'>beyond the edge</p>",
        &["outside: \"beyond the edge\""],
    ),
    (
        "<input class='in' data-css='width:70px' value='more than it has room for'>",
        &["cut: \"more than it has room for\" in the field"],
    ),
];

#[test]
fn each_kind_of_fault_is_seen_and_nothing_else() {
    let window = Window::open("laid-out", &Opening::default()).unwrap();
    window.get("sign-in-server").unwrap();
    window.settle().unwrap();
    assert_eq!(window.layout_faults().unwrap(), Vec::<String>::new(), "the page as it is");
    for (planted, said) in PLANTED {
        let plant = "document.querySelector('[data-planted]')?.remove();
            const box = document.createElement('div');
            box.dataset.planted = '';
            box.style.cssText = 'position:fixed;left:40px;top:40px;width:400px;background:var(--panel)';
            box.innerHTML = arguments[0];
            // The page takes no styles from its text.
            for (const one of box.querySelectorAll('[data-css]')) one.style.cssText = one.dataset.css;
            document.body.append(box)";
        window.page().execute(plant, &[Value::from(planted)]).unwrap();
        let found = window.layout_faults().unwrap();
        for part in said {
            assert!(found.iter().any(|fault| fault.contains(part)), "{planted}: {found:?}");
        }
    }
    // With its whole text at hand a name may be cut.
    let named = "document.querySelector('[data-planted]').innerHTML = '';
        const name = document.createElement('p');
        name.textContent = name.title = 'a name without its end';
        name.style.cssText = 'width:60px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap';
        document.querySelector('[data-planted]').append(name)";
    window.page().execute(named, &[]).unwrap();
    assert_eq!(window.layout_faults().unwrap(), Vec::<String>::new());
}
