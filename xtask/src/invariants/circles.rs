//! Files of one crate that use each other in a circle: none of them can be read, tested or moved without all the others.
//! Two files may (a thing and its parts); more may not.
//!
//! What a file uses is every path that begins with `crate`, or with `super` and leads to a sibling, found among its
//! tokens; a name that another file hands on (`pub use`) counts for the file it comes from. Left out on purpose: code that
//! is built for tests alone, and what a module and its own parts say of each other by `self`, `super` or bare names.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::Source;

/// Most files that may use each other in a circle.
const MOST: usize = 2;

/// A module's place in its crate, the crate itself being empty.
type Module = Vec<String>;

/// Judges every crate of ours.
///
/// # Errors
/// A file is no Rust.
pub fn check(sources: &[Source]) -> Result<Vec<String>, String> {
    let mut crates: BTreeMap<&str, BTreeMap<Module, &Source>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.is(&["rs"])) {
        if let Some((folder, module)) = place(&source.path) {
            // Where there are both, `lib.rs` is the crate and comes first.
            crates.entry(folder).or_default().entry(module).or_insert(source);
        }
    }
    let mut broken = Vec::new();
    for (folder, files) in crates {
        let read = Crate::read(&files)?;
        broken.extend(read.circles().iter().map(|circle| {
            let names: Vec<String> = read.walk(circle).iter().map(|module| module.join("::")).collect();
            format!("{folder}: {} files use each other in a circle: {}", circle.len(), names.join(" → "))
        }));
    }
    Ok(broken)
}

/// The folder of a crate's sources, and which module of it a file holds.
fn place(path: &str) -> Option<(&str, Module)> {
    let (folder, file) = if let Some(file) = path.strip_prefix("src-tauri/") {
        ("src-tauri", file)
    } else if path.starts_with("crates/") || path.starts_with("xtask/") {
        let at = path.find("/src/")?;
        (&path[..at + "/src".len()], &path[at + "/src/".len()..])
    } else {
        return None;
    };
    let module = file.strip_suffix(".rs")?;
    let module = module.strip_suffix("/mod").unwrap_or(module);
    let root = matches!(module, "lib" | "main");
    let parts = module.split('/').map(str::to_owned);
    Some((folder, if root { Module::new() } else { parts.collect() }))
}

/// Which file of a crate uses which others.
struct Crate {
    files: BTreeSet<Module>,
    /// What a module hands on under which name.
    handed_on: BTreeMap<(Module, String), Module>,
    uses: BTreeMap<Module, BTreeSet<Module>>,
}

impl Crate {
    fn read(sources: &BTreeMap<Module, &Source>) -> Result<Self, String> {
        let mut texts: BTreeMap<Module, Text> = BTreeMap::new();
        for (module, source) in sources {
            let tokens = TokenStream::from_str(&source.text)
                .map_err(|error| format!("{} cannot be read as Rust: {error}", source.path))?;
            let mut text = Text::default();
            text.read(tokens);
            texts.insert(module.clone(), text);
        }
        let for_tests: Vec<Module> = texts
            .iter()
            .flat_map(|(module, text)| text.test_modules.iter().map(|part| child(module, part)))
            .collect();
        texts.retain(|module, _| !for_tests.iter().any(|tests| module.starts_with(tests)));

        let mut read = Self {
            files: texts.keys().cloned().collect(),
            handed_on: BTreeMap::new(),
            uses: BTreeMap::new(),
        };
        for (module, text) in &texts {
            for leaf in &text.handed_on {
                if let (Some(name), Some(path)) = (leaf.name(), read.absolute(module, &leaf.path)) {
                    read.handed_on.insert((module.clone(), name.to_owned()), path);
                }
            }
        }
        for (module, text) in &texts {
            let used = text.used.iter().filter_map(|path| read.used_by(module, path));
            let others = used.filter(|other| other != module).collect();
            read.uses.insert(module.clone(), others);
        }
        Ok(read)
    }

    /// A path handed on, from the crate's root; `None` for what is of another crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let base = match first.as_str() {
            "crate" => Module::new(),
            "self" => module.clone(),
            "super" => module.split_last()?.1.to_vec(),
            part => Some(child(module, part)).filter(|part| self.files.contains(part))?,
        };
        Some(base.into_iter().chain(rest.iter().cloned()).collect())
    }

    /// The file a path in another one leads to. A part that speaks of what it is a part of (`super`) leads nowhere.
    fn used_by(&self, module: &Module, path: &[String]) -> Option<Module> {
        let file = self.file_of(&self.absolute(module, path)?, 0)?;
        let above = path.first().is_some_and(|word| word == "super") && module.starts_with(&file);
        Some(file).filter(|_| !above)
    }

    /// The file a path leads to; `None` for the crate's root, which hands on what it does not say.
    fn file_of(&self, path: &[String], turn: usize) -> Option<Module> {
        let known = (0..=path.len()).rev().find(|length| self.files.contains(&path[..*length]))?;
        let (module, rest) = path.split_at(known);
        let source = rest.first().and_then(|name| self.handed_on.get(&(module.to_vec(), name.clone())));
        match source {
            // A name that is handed on in a ring leads nowhere.
            Some(source) if turn < 8 => {
                let further: Module = source.iter().chain(&rest[1..]).cloned().collect();
                self.file_of(&further, turn + 1)
            }
            _ => Some(module.to_vec()).filter(|module| !module.is_empty()),
        }
    }

    /// Every set of more files than may be that all lead to each other, after Tarjan.
    fn circles(&self) -> Vec<BTreeSet<Module>> {
        let mut search = Search::new(&self.uses);
        for module in self.uses.keys() {
            if !search.seen.contains_key(module) {
                search.visit(module);
            }
        }
        search.found.retain(|circle| circle.len() > MOST);
        search.found
    }

    /// A way round that passes every file of a circle and ends where it began.
    fn walk(&self, circle: &BTreeSet<Module>) -> Vec<Module> {
        let Some(start) = circle.first() else { return Vec::new() };
        let mut way = vec![start.clone()];
        let mut open: BTreeSet<&Module> = circle.iter().filter(|module| *module != start).collect();
        while let Some(part) = way.last().and_then(|from| self.nearest(from, circle, &open)) {
            for module in &part {
                open.remove(module);
            }
            way.extend(part);
        }
        if let Some(home) = way.last().and_then(|from| self.nearest(from, circle, &BTreeSet::from([start]))) {
            way.extend(home);
        }
        way
    }

    /// The shortest way inside a circle to any of the files wanted, the first file left out.
    fn nearest(
        &self,
        from: &Module,
        circle: &BTreeSet<Module>,
        wanted: &BTreeSet<&Module>,
    ) -> Option<Vec<Module>> {
        let mut ways = std::collections::VecDeque::from([vec![from.clone()]]);
        let mut seen = BTreeSet::from([from.clone()]);
        while let Some(way) = ways.pop_front() {
            for next in self.uses.get(way.last()?).into_iter().flatten().filter(|next| circle.contains(*next))
            {
                if wanted.contains(next) {
                    return Some(way.into_iter().skip(1).chain([next.clone()]).collect());
                }
                if seen.insert(next.clone()) {
                    ways.push_back(way.iter().chain([next]).cloned().collect());
                }
            }
        }
        None
    }
}

fn child(module: &[String], part: &str) -> Module {
    module.iter().cloned().chain([part.to_owned()]).collect()
}

/// Tarjan's search for what leads back to itself.
struct Search<'a> {
    uses: &'a BTreeMap<Module, BTreeSet<Module>>,
    /// When each was first met.
    seen: BTreeMap<&'a Module, usize>,
    stack: Vec<&'a Module>,
    found: Vec<BTreeSet<Module>>,
}

impl<'a> Search<'a> {
    fn new(uses: &'a BTreeMap<Module, BTreeSet<Module>>) -> Self {
        Self { uses, seen: BTreeMap::new(), stack: Vec::new(), found: Vec::new() }
    }

    fn visit(&mut self, module: &'a Module) -> usize {
        let met = self.seen.len();
        let mut earliest = met;
        self.seen.insert(module, met);
        self.stack.push(module);
        for next in self.uses.get(module).into_iter().flatten() {
            let back = match self.seen.get(next) {
                None => self.visit(next),
                Some(met) if self.stack.contains(&next) => *met,
                Some(_) => continue,
            };
            earliest = earliest.min(back);
        }
        if earliest == met
            && let Some(at) = self.stack.iter().position(|one| *one == module)
        {
            self.found.push(self.stack.split_off(at).into_iter().cloned().collect());
        }
        earliest
    }
}

/// What a file says of others.
#[derive(Default)]
struct Text {
    /// Paths from `crate` or `super` on.
    used: Vec<Module>,
    /// What it hands on, as written.
    handed_on: Vec<Leaf>,
    /// Modules of it that are built for tests alone.
    test_modules: Vec<String>,
}

/// One path of a `use`, and its other name.
#[derive(Clone, Default)]
struct Leaf {
    path: Module,
    alias: Option<String>,
}

impl Leaf {
    fn name(&self) -> Option<&str> {
        self.alias.as_ref().or_else(|| self.path.last()).map(String::as_str)
    }
}

impl Text {
    fn read(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < trees.len() {
            match &trees[at] {
                TokenTree::Punct(hash) if hash.as_char() == '#' => match trees.get(at + 1) {
                    Some(inner) if is_punct(inner, '!') && trees.get(at + 2).is_some_and(for_tests) => return,
                    Some(attribute) if for_tests(attribute) => at = self.leave_out(&trees, at + 2),
                    _ => {}
                },
                TokenTree::Ident(word) if word == "pub" => {
                    let after = at + 1 + usize::from(matches!(trees.get(at + 1), Some(TokenTree::Group(_))));
                    if trees.get(after).is_some_and(|word| is_word(word, "use")) {
                        leaves(&trees[after + 1..], &Leaf::default(), &mut self.handed_on);
                    }
                }
                TokenTree::Ident(word)
                    if (word == "crate" || word == "super") && separated(&trees, at + 1) =>
                {
                    let mut paths = Vec::new();
                    leaves(&trees[at..], &Leaf::default(), &mut paths);
                    self.used.extend(paths.into_iter().map(|leaf| leaf.path));
                }
                TokenTree::Group(group) => self.read(group.stream()),
                _ => {}
            }
            at += 1;
        }
    }

    /// Passes over an item; gives where its last token is.
    fn leave_out(&mut self, trees: &[TokenTree], from: usize) -> usize {
        let ends = |tree: &TokenTree| {
            is_punct(tree, ';')
                || matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
        };
        let end = trees[from..].iter().position(ends).map_or(trees.len(), |length| from + length);
        for pair in trees[from..end].windows(2) {
            if let [TokenTree::Ident(word), TokenTree::Ident(name)] = pair
                && word == "mod"
            {
                self.test_modules.push(name.to_string());
            }
        }
        end
    }
}

/// Every path from a place in the tokens on: one of an expression, or all of a `use` with braces.
fn leaves(trees: &[TokenTree], before: &Leaf, found: &mut Vec<Leaf>) {
    let mut leaf = before.clone();
    let mut at = 0;
    loop {
        match trees.get(at) {
            // Itself, in braces.
            Some(TokenTree::Ident(word)) if word == "self" && !leaf.path.is_empty() => {}
            Some(TokenTree::Ident(word)) => leaf.path.push(word.to_string()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                for part in inside.split(|tree| is_punct(tree, ',')).filter(|part| !part.is_empty()) {
                    leaves(part, &leaf, found);
                }
                return;
            }
            _ => break,
        }
        at += 1;
        if !separated(trees, at) {
            break;
        }
        at += 2;
    }
    if let (Some(word), Some(TokenTree::Ident(alias))) = (trees.get(at), trees.get(at + 1))
        && is_word(word, "as")
    {
        leaf.alias = Some(alias.to_string());
    }
    found.push(leaf);
}

/// `::` stands here.
fn separated(trees: &[TokenTree], at: usize) -> bool {
    [at, at + 1].iter().all(|at| trees.get(*at).is_some_and(|tree| is_punct(tree, ':')))
}

fn is_punct(tree: &TokenTree, wanted: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

fn is_word(tree: &TokenTree, wanted: &str) -> bool {
    matches!(tree, TokenTree::Ident(word) if word == wanted)
}

/// `[cfg(test)]`, or `[cfg(all(test, …))]`.
fn for_tests(attribute: &TokenTree) -> bool {
    let TokenTree::Group(group) = attribute else { return false };
    let text: String = group.stream().to_string().split_whitespace().collect();
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source { path: format!("crates/x/src/{path}"), text: (*text).to_owned() })
            .collect();
        check(&sources).unwrap()
    }

    #[test]
    fn more_than_two_files_in_a_circle_are_told_with_the_way_round() {
        let three = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", "pub struct B; fn f() -> Vec<crate::c::C> { vec![] }"),
            ("c.rs", "use crate::{a::{self, A as Other}, b};"),
        ];
        assert_eq!(found(&three), ["crates/x/src: 3 files use each other in a circle: a → b → c → a"]);
        let sideways = [three[0], three[1], three[2], ("c.rs", "use super::a::A;")];
        assert_eq!(found(&sideways), found(&three));
        // Two may, and a path that nothing leads back from is no circle.
        assert_eq!(found(&three[..3]), [""; 0]);
        let pairs = [
            ("a.rs", "use crate::b;"),
            ("b.rs", "use crate::a; use crate::c;"),
            ("c.rs", "use crate::d;"),
            ("d.rs", "use crate::c;"),
        ];
        assert_eq!(found(&pairs), [""; 0]);
        let parts = [
            ("a.rs", "use crate::a::b; use crate::a::c;"),
            ("a/b.rs", "use super::A;"),
            ("a/c.rs", "use super::A;"),
        ];
        assert_eq!(found(&parts), [""; 0]);
        // Circles that share a file are one, and every file of it is passed.
        let eight = [("a.rs", "use crate::b;"), ("b.rs", "use crate::{a, c};"), ("c.rs", "use crate::b;")];
        assert_eq!(found(&eight), ["crates/x/src: 3 files use each other in a circle: a → b → c → b → a"]);
    }

    #[test]
    fn names_lead_to_the_file_they_come_from() {
        // By the longest path that is a file, by what the crate or a module hands on, and through a macro's tokens.
        let tree = [
            (
                "lib.rs",
                "pub mod a; mod b; mod c; pub use b::part::{Thing as Named, other}; pub use std::fmt;",
            ),
            ("a.rs", "use crate::Named; use crate::fmt::Debug; use crate::lost;"),
            ("b.rs", "pub(crate) mod part; pub(crate) use part::other as handed;"),
            ("b/part.rs", "fn f() { println!(\"{}\", crate::c::LIMIT) }"),
            ("c.rs", "use crate::a::inline::Deep;"),
        ];
        assert_eq!(found(&tree), ["crates/x/src: 3 files use each other in a circle: a → b::part → c → a"]);
        let handed = [tree[0], ("a.rs", "use crate::b::handed;"), tree[2], tree[3], tree[4]];
        assert_eq!(found(&handed), found(&tree));
        let of_the_crate =
            [tree[0], ("a.rs", "use crate::lost; use crate::b::missing;"), tree[2], tree[3], tree[4]];
        assert_eq!(found(&of_the_crate), [""; 0]);
    }

    #[test]
    fn code_for_tests_text_and_comments_lead_nowhere() {
        let tree = [
            ("lib.rs", "mod a; mod b; mod c; #[cfg(test)] mod world; #[cfg(test)] pub(crate) mod deep;"),
            (
                "a.rs",
                "use crate::b; fn f() -> &'static str { \"use crate::c;\" } // crate::c\n/* crate::c */",
            ),
            (
                "b.rs",
                "use crate::c; #[cfg(all(test, unix))] use crate::a; pub(crate) fn g<'a>(x: &'a str) {}",
            ),
            ("c.rs", "#[cfg(test)] #[allow(dead_code)] mod tests { use crate::a; } pub(in crate) struct C;"),
            ("world.rs", "use crate::{a, b, c};"),
            ("deep/mod.rs", "use crate::world;"),
            ("deep/er.rs", "#![cfg(test)] use crate::deep;"),
        ];
        assert_eq!(found(&tree), [""; 0]);
        assert!(check(&[Source { path: "xtask/src/main.rs".into(), text: "fn f( {".into() }]).is_err());
    }

    #[test]
    fn files_are_modules_of_their_crate() {
        let module = |path| place(path).map(|(folder, module)| format!("{folder} {}", module.join("::")));
        for (path, wanted) in [
            ("crates/calls/src/lib.rs", Some("crates/calls/src ")),
            ("crates/calls/src/calls/open.rs", Some("crates/calls/src calls::open")),
            ("crates/calls/src/wire/mod.rs", Some("crates/calls/src wire")),
            ("xtask/src/main.rs", Some("xtask/src ")),
            ("src-tauri/tray.rs", Some("src-tauri tray")),
            ("crates/calls/tests/find.rs", None),
            ("tests/window/src/lib.rs", None),
        ] {
            assert_eq!(module(path).as_deref(), wanted, "{path}");
        }
    }
}
