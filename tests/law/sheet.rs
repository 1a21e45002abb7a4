//! docs/law.md, the sheet that leads from a provision to its function and its tests, held against both.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The longest that a function of the statute may be, in lines.
const LONGEST: usize = 40;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// The modules under a folder, by name, without their unit tests.
fn modules(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut all: Vec<_> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "rs"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    all.sort();
    all
}

struct Function {
    name: String,
    doc: String,
    lines: usize,
}

/// The functions of a source file with their doc comments, those of its unit tests left out.
fn functions(source: &str) -> Vec<Function> {
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap();
    let lines: Vec<&str> = source.lines().collect();
    let mut all = Vec::new();
    let mut doc = String::new();
    for (at, line) in lines.iter().enumerate() {
        let text = line.trim_start();
        if let Some(words) = text.strip_prefix("///") {
            doc.push_str(words);
            doc.push('\n');
            continue;
        }
        if text.starts_with("#[") {
            continue;
        }
        let head = text.split('(').next().unwrap();
        let declared = text
            .strip_prefix("pub(super) ")
            .or(text.strip_prefix("pub "))
            .unwrap_or(text);
        if let Some(rest) = declared.strip_prefix("const fn ").or(declared.strip_prefix("fn ")) {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let end = format!("{}}}", &line[..line.len() - text.len()]);
            let length = lines[at..].iter().position(|line| *line == end);
            let length = length.unwrap_or_else(|| panic!("{head} has no end")) + 1;
            all.push(Function {
                name,
                doc: std::mem::take(&mut doc),
                lines: length,
            });
        }
        doc.clear();
    }
    all
}

/// The rows of the sheet's tables, each a list of cells.
fn rows(sheet: &str) -> Vec<Vec<String>> {
    sheet
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| --"))
        .map(|line| {
            line.trim_matches('|')
                .split(" | ")
                .map(|cell| cell.trim().to_owned())
                .collect()
        })
        .collect()
}

/// What a cell names in backquotes as `module::function`.
fn named(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| name.contains("::"))
        .map(str::to_owned)
        .collect()
}

fn known(folder: &str) -> BTreeSet<String> {
    modules(folder)
        .iter()
        .flat_map(|(module, source)| {
            let named = |one: Function| format!("{module}::{}", one.name);
            functions(source).into_iter().map(named).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_function_and_test_that_the_sheet_names_is_there() {
    let (functions, tests) = (known("src/statute"), known("tests/law"));
    let mut count = 0;
    for row in rows(&read("docs/law.md")) {
        for name in row.iter().flat_map(|cell| named(cell)) {
            assert!(functions.contains(&name) || tests.contains(&name), "there is no {name}");
        }
        let [provision, _, function, test] = row.as_slice() else {
            continue;
        };
        for name in named(function) {
            assert!(functions.contains(&name), "{provision}: no function {name}");
            count += 1;
        }
        for name in named(test) {
            assert!(tests.contains(&name), "{provision}: no test {name}");
            count += 1;
        }
        if !named(function).is_empty() {
            assert!(!named(test).is_empty(), "{provision} has no test");
        }
    }
    assert!(count > 100, "the sheet names only {count}");
}

/// A function whose doc comment cites a rule or names its provision states the law, and the sheet must lead to it.
#[test]
fn every_documented_provision_is_in_the_sheet() {
    let sheet: BTreeSet<String> = rows(&read("docs/law.md"))
        .iter()
        .flatten()
        .flat_map(|cell| named(cell))
        .collect();
    for (module, source) in modules("src/statute") {
        for one in functions(&source) {
            let states_the_law = one.doc.contains("RULE") || one.doc.contains("**");
            let name = format!("{module}::{}", one.name);
            assert!(
                !states_the_law || sheet.contains(&name),
                "docs/law.md leaves out {name}"
            );
        }
    }
}

/// Every test that is named after a rule is in the sheet too.
#[test]
fn every_table_of_a_rule_is_in_the_sheet() {
    let sheet: BTreeSet<String> = rows(&read("docs/law.md"))
        .iter()
        .flatten()
        .flat_map(|cell| named(cell))
        .collect();
    let missing: Vec<String> = known("tests/law")
        .into_iter()
        .filter(|name| name.contains("::rule"))
        .filter(|name| !sheet.contains(name))
        .collect();
    assert!(missing.is_empty(), "docs/law.md leaves out {missing:#?}");
}

#[test]
fn no_function_of_the_statute_is_longer_than_a_page() {
    for (module, source) in modules("src/statute") {
        for one in functions(&source) {
            assert!(
                one.lines <= LONGEST,
                "{module}::{} has {} lines; give a part of it a name",
                one.name,
                one.lines
            );
        }
    }
}
