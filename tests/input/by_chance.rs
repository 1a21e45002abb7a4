//! The properties of `properties`, asked about the seeds of the fuzz targets, about what chance makes of them, and about
//! every input that ever broke one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

use crate::properties::{self, ALL};

/// How many inputs each property is asked about.
const CASES: u32 = 400;

/// How many changes are made to a seed.
const CHANGES: usize = 6;

fn fuzz(folder: &str, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz")
        .join(folder)
        .join(name)
}

/// The files of a folder; none where there is no folder.
fn inputs(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// The words of a target's dictionary, in libFuzzer's form.
fn words(name: &str) -> Vec<Vec<u8>> {
    let Ok(text) = std::fs::read_to_string(fuzz("dictionaries", &format!("{name}.dict"))) else {
        return Vec::new();
    };
    text.lines().map(word).collect()
}

fn word(line: &str) -> Vec<u8> {
    let quoted = line.strip_prefix('"').and_then(|line| line.strip_suffix('"'));
    let (mut word, mut rest) = (Vec::new(), quoted.expect(line));
    while let Some(first) = rest.chars().next() {
        let escaped = rest.strip_prefix('\\');
        let (bytes, length) = match (escaped, escaped.and_then(|rest| rest.strip_prefix('x'))) {
            (_, Some(hex)) => (vec![u8::from_str_radix(&hex[..2], 16).expect(line)], 4),
            (Some(after), None) => (after.as_bytes()[..1].to_vec(), 2),
            (None, _) => (first.to_string().into_bytes(), first.len_utf8()),
        };
        word.extend(bytes);
        rest = &rest[length..];
    }
    word
}

/// One change to some bytes: others in the place of a few, where and how many being chance's.
#[derive(Debug, Clone)]
struct Change {
    at: Index,
    instead: usize,
    put: Vec<u8>,
}

fn change(words: Vec<Vec<u8>>) -> impl Strategy<Value = Change> {
    let known = if words.is_empty() { vec![Vec::new()] } else { words };
    let put = prop_oneof![
        vec(any::<u8>(), 0..4),
        select(known),
        "\\PC{0,3}".prop_map(String::into_bytes)
    ];
    (any::<Index>(), 0_usize..12, put).prop_map(|(at, instead, put)| Change { at, instead, put })
}

fn changed(seed: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for change in changes {
        let at = change.at.index(bytes.len() + 1);
        let end = (at + change.instead).min(bytes.len());
        bytes.splice(at..end, change.put.iter().copied());
    }
    bytes
}

/// Asks a property about its seeds, its regressions, and what chance makes of both.
fn holds(name: &str) {
    let property = properties::of(name);
    let mut seeds = inputs(&fuzz("corpus-seeds", name));
    assert!(!seeds.is_empty(), "{name} has no seeds");
    seeds.extend(inputs(&fuzz("regressions", name)));
    seeds.iter().for_each(|seed| property(seed));
    let strategy = (select(seeds), vec(change(words(name)), 0..CHANGES));
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let ran = TestRunner::new(config).run(&strategy, |(seed, changes)| {
        property(&changed(&seed, &changes));
        Ok(())
    });
    if let Err(error) = ran {
        panic!("{name}: {error}");
    }
}

/// The targets themselves need a nightly compiler and minutes of it; what they would do is this.
#[test]
fn every_property_is_a_target_and_no_target_is_anything_else() {
    let manifest = std::fs::read_to_string(fuzz("", "Cargo.toml")).unwrap();
    for (name, _) in ALL {
        let target = std::fs::read_to_string(fuzz("fuzz_targets", &format!("{name}.rs"))).unwrap();
        let asks =
            format!("libfuzzer_sys::fuzz_target!(|data: &[u8]| timeous_fuzz::properties::of(\"{name}\")(data));");
        assert_eq!(target, format!("#![no_main]\n\n{asks}\n"));
        assert!(
            manifest.contains(&format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"")),
            "{name}"
        );
    }
    let targets = std::fs::read_dir(fuzz("fuzz_targets", "")).unwrap().count();
    assert_eq!(targets, ALL.len());
}

/// The packages of a lock file with their versions.
fn locked(path: &Path) -> BTreeSet<(String, String)> {
    let lock: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let field = |package: &toml::Value, key: &str| package[key].as_str().unwrap().to_owned();
    let packages = lock["package"].as_array().unwrap().iter();
    packages
        .map(|package| (field(package, "name"), field(package, "version")))
        .collect()
}

#[test]
fn what_is_fuzzed_is_what_is_shipped() {
    let (ours, theirs) = (locked(&fuzz("..", "Cargo.lock")), locked(&fuzz("", "Cargo.lock")));
    let known: BTreeSet<&String> = ours.iter().map(|(name, _)| name).collect();
    let other: Vec<_> = theirs
        .difference(&ours)
        .filter(|(name, _)| known.contains(name))
        .collect();
    assert!(
        other.is_empty(),
        "copy Cargo.lock to fuzz/ and run cargo metadata there; other versions: {other:?}"
    );
}

macro_rules! each {
    ($($name:ident),+ $(,)?) => {
        const NAMED: &[&str] = &[$(stringify!($name)),+];
        $(#[test]
        fn $name() {
            holds(stringify!($name));
        })+
    };
}

each!(
    bank_holidays,
    csv_rows,
    xlsx_rows,
    configuration,
    events,
    smtp_replies,
    token_replies,
    icalendar,
    register
);

#[test]
fn none_is_left_out() {
    assert_eq!(NAMED, ALL.map(|(name, _)| name));
}
