//! What the README and the documents show on a console is typed here, line by line and in their order, and the answer
//! has to be the one they show.
//!
//! A console block is indented or fenced and has lines that begin with `$ `; the lines beneath are the answer. Lines may
//! be wrapped otherwise than the program wraps them; `...` stands for anything. Where nothing stands beneath a line, it
//! only has to end well. Comments in the Markdown, which no reader sees, prepare:
//!
//!     <!-- office: empty -->              begin anew, without a register (a document begins with five cases)
//!     <!-- clock: 2026-11-27 08:31 -->    from here on it is then
//!     <!-- file: cases.csv -->            the next block is that file
//!     <!-- exit: 2 -->                    the next block's commands end so
//!
//! And each claim of docs/security.md has to name a test that is there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

use std::path::{Path, PathBuf};

use support::office::{Office, Ran, can_pretend};
use support::prepared::{self, TODAY};

/// Programs that a document may name and that are run: what they do stays in the office.
const RUN: [&str; 15] = [
    "timeous", "cat", "chmod", "cp", "cut", "echo", "grep", "head", "ls", "mkdir", "mv", "printf", "sh", "sort", "tail",
];

/// Programs that a document may name and that are not run here, each for a reason. Another one fails the test until it
/// is decided.
const NOT_RUN: [(&str, &str); 11] = [
    ("apt", "changes the machine; tests/package installs the package"),
    (
        "adduser",
        "changes the machine; tests/package makes a member of the group",
    ),
    ("cargo", "builds; tests/run does nothing else"),
    ("config/debian/build", "builds the package; tests/package does it"),
    ("editor", "waits for a person"),
    (
        "install",
        "gives files to a user who is only there where the package is",
    ),
    ("journalctl", "needs systemd"),
    (
        "litestream",
        "is not part of Debian; docs/backup.md says what was tried with it by hand",
    ),
    ("openssl", "asks a mail server that is not there"),
    (
        "systemctl",
        "needs systemd; tests/service.rs starts and stops the service",
    ),
    ("tests/run", "is what runs this"),
];

/// A block of a document, with the line it begins on.
struct Block {
    line: usize,
    lines: Vec<String>,
}

/// What stands in a document, in its order.
enum Part {
    Comment(String, String),
    Block(Block),
}

fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = std::fs::read_dir(root.join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    found.push(root.join("README.md"));
    found.sort();
    found
}

/// The comments and blocks of a document.
fn parts(text: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        let bare = line.trim_start();
        if bare.starts_with("```") {
            fenced = !fenced;
            match open.take() {
                Some(block) => found.push(Part::Block(block)),
                None => {
                    open = Some(Block {
                        line: number + 2,
                        lines: Vec::new(),
                    })
                }
            }
            continue;
        }
        let belongs = fenced || line.starts_with("    ") || (open.is_some() && bare.is_empty());
        if belongs {
            let block = open.get_or_insert_with(|| Block {
                line: number + 1,
                lines: Vec::new(),
            });
            block.lines.push(line.to_owned());
            continue;
        }
        found.extend(open.take().map(Part::Block));
        let comment = bare.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        if let Some((what, value)) = comment.and_then(|comment| comment.split_once(": ")) {
            found.push(Part::Comment(what.to_owned(), value.to_owned()));
        }
    }
    found.extend(open.map(Part::Block));
    for part in &mut found {
        if let Part::Block(block) = part {
            outdent(block);
        }
    }
    found
}

fn outdent(block: &mut Block) {
    let indent = |line: &String| line.len() - line.trim_start().len();
    let least = block
        .lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(indent)
        .min();
    let least = least.unwrap_or(0);
    for line in &mut block.lines {
        *line = line.get(least..).unwrap_or_default().trim_end().to_owned();
    }
    while block.lines.last().is_some_and(String::is_empty) {
        block.lines.pop();
    }
}

/// The lines to type of a block, each with the answer that is shown; none where it is no console.
fn typed(block: &Block) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut goes_on = false;
    for line in &block.lines {
        if goes_on {
            let (begun, _) = found.last_mut().unwrap();
            begun.push_str(line.trim().trim_end_matches('\\'));
        } else if let Some(begun) = line.strip_prefix("$ ") {
            found.push((begun.trim_end_matches('\\').to_owned(), Vec::new()));
        } else if let Some((_, answer)) = found.last_mut() {
            answer.push(line.clone());
            continue;
        } else {
            return Vec::new();
        }
        goes_on = line.ends_with('\\');
    }
    found
}

/// The programs that a line starts, without the change of user before them.
fn programs(line: &str) -> Vec<String> {
    let line = line.replace("sudo -u timeous ", "").replace("sudo ", "");
    line.split(['|', ';', '&'])
        .filter_map(|part| Some(part.split_whitespace().next()?.to_owned()))
        .collect()
}

/// Whether what was said is what is shown, word by word, `...` being anything.
fn is_as_shown(shown: &[String], said: &str) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = words(&shown.join(" "));
    let said = words(said);
    let mut pieces = shown.split("...").map(str::trim);
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = said.strip_prefix(first) else {
        return false;
    };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.is_empty() || shown.ends_with("...")
}

/// One document as it is followed.
struct Reader {
    name: String,
    office: Office,
    now: String,
    file: Option<String>,
    exit: Option<i32>,
    not_run: Vec<String>,
    ran: usize,
}

impl Reader {
    fn heed(&mut self, what: &str, value: &str) {
        match (what, value) {
            ("office", "empty") => self.office = prepared::empty(),
            ("office", "five cases") => self.office = prepared::with_cases(false),
            ("clock", value) => self.now = format!("{value}:00"),
            ("file", value) => self.file = Some(value.to_owned()),
            ("exit", value) => self.exit = Some(value.parse().unwrap()),
            _ => panic!("{}: what is <!-- {what}: {value} -->?", self.name),
        }
    }

    fn read(&mut self, block: &Block) {
        let exit = self.exit.take().unwrap_or(0);
        if let Some(name) = self.file.take() {
            let path = match name.starts_with('/') {
                true => prepared::under(&self.office, &name),
                false => self.office.path(&name).display().to_string(),
            };
            let text = prepared::rooted(&self.office, &(block.lines.join("\n") + "\n"));
            std::fs::write(path, text).unwrap();
            return;
        }
        let place = format!("{}, the block from line {}", self.name, block.line);
        let typed = typed(block);
        let naked = block
            .lines
            .iter()
            .find(|line| line.starts_with("timeous ") || line.starts_with("sudo "));
        assert!(
            !typed.is_empty() || naked.is_none(),
            "{place}: {naked:?} is typed; begin it with \"$ \""
        );
        for (line, shown) in typed {
            self.type_line(&place, &line, &shown, exit);
        }
    }

    fn type_line(&mut self, place: &str, line: &str, shown: &[String], exit: i32) {
        let programs = programs(line);
        let idle = programs
            .iter()
            .find(|program| NOT_RUN.iter().any(|(name, _)| name == program));
        if let Some(program) = idle {
            self.not_run.push(program.clone());
            return;
        }
        let unknown = programs.iter().find(|program| !RUN.contains(&program.as_str()));
        assert_eq!(
            unknown, None,
            "{place}: {line}: decide whether that program is run, in RUN or NOT_RUN"
        );
        let here = prepared::rooted(&self.office, &line.replace("sudo -u timeous ", "").replace("sudo ", ""));
        let Ran { code, out, err } = self.office.shell_at(&self.now, &here);
        let said = prepared::unrooted(&self.office, &format!("{out}{err}"));
        assert_eq!(code, Some(exit), "{place}: {line}\n{said}");
        let silent = shown.iter().all(String::is_empty);
        assert!(
            silent || is_as_shown(shown, &said),
            "{place}: {line}\n-- shown:\n{}\n-- said:\n{said}",
            shown.join("\n")
        );
        self.ran += 1;
    }
}

#[test]
fn what_the_documents_show_is_what_the_program_says() {
    if !can_pretend() {
        return;
    }
    let mut ran = 0;
    let mut not_run: Vec<String> = Vec::new();
    for path in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut reader = Reader {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            office: prepared::with_cases(false),
            now: TODAY.to_owned(),
            file: None,
            exit: None,
            not_run: Vec::new(),
            ran: 0,
        };
        for part in parts(&text) {
            match part {
                Part::Comment(what, value) => reader.heed(&what, &value),
                Part::Block(block) => reader.read(&block),
            }
        }
        assert_eq!(reader.file, None, "{}: a file without its block", reader.name);
        ran += reader.ran;
        not_run.append(&mut reader.not_run);
    }
    assert!(ran >= 20, "only {ran} lines were typed");
    for (program, why) in NOT_RUN {
        assert!(
            not_run.iter().any(|one| one == program),
            "no document names {program} any more ({why})"
        );
    }
}

#[test]
fn what_is_shown_is_compared_word_by_word() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(is_as_shown(&lines("due by\nTuesday"), "due   by Tuesday\n"));
    assert!(!is_as_shown(&lines("due by Tuesday"), "due by Wednesday\n"));
    assert!(!is_as_shown(&lines("due by"), "due by Tuesday\n"));
    assert!(is_as_shown(&lines("head 5:...\n..."), "head 5:abc and more\n"));
    assert!(is_as_shown(&lines("one\n...\nfour"), "one two three four"));
    assert!(!is_as_shown(&lines("one\n...\nfive"), "one two three four"));
    assert!(!is_as_shown(&lines("one\n...\ntwo"), "one two three four"));
}

/// What a text names as tests: `binary::module::name`, as `cargo test` has it, or a file beside them.
fn named(text: &str) -> Vec<&str> {
    let between_ticks = text.split('`').skip(1).step_by(2);
    between_ticks
        .filter(|words| words.contains("::") || words.starts_with("tests/"))
        .collect()
}

/// Whether there is such a test, and not only a function or a file of another kind.
fn is_there(test: &str) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some((module, name)) = test.rsplit_once("::") else {
        return root.join(test).is_file();
    };
    let module = module.replace("::", "/");
    let files = ["tests/{}.rs", "tests/{}/main.rs", "src/{}.rs", "src/{}/mod.rs"];
    files.iter().any(|file| {
        let text = std::fs::read_to_string(root.join(file.replace("{}", &module))).unwrap_or_default();
        let Some((before, _)) = text.split_once(&format!("fn {name}(")) else {
            return false;
        };
        let item = before.rsplit("\n\n").next().unwrap_or_default();
        item.contains("#[test]") || item.contains("#[rstest]")
    })
}

#[test]
fn each_claim_about_security_names_a_test_that_is_there() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/security.md");
    let text = std::fs::read_to_string(path).unwrap();
    let missing: Vec<_> = named(&text).into_iter().filter(|test| !is_there(test)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "renamed or gone");
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.ends_with("| shown by |"));
    let claims: Vec<(&str, &str)> = rows
        .map(|row| row.trim_end_matches(" |").rsplit_once(" | ").unwrap_or((row, "")))
        .collect();
    let bare: Vec<_> = claims
        .iter()
        .filter(|(_, shown_by)| named(shown_by).is_empty())
        .collect();
    assert!(bare.is_empty(), "no test is named for {bare:?}");
    assert!(claims.len() >= 20, "only {} claims", claims.len());
}

#[test]
fn a_test_that_is_gone_is_noticed() {
    assert_eq!(
        named("a `b::c::d`, `e f`, `tests/run` and `cargo::g`"),
        ["b::c::d", "tests/run", "cargo::g"]
    );
    for there in [
        "documents::a_test_that_is_gone_is_noticed",
        "secrets::nowhere",
        "store::on_sqlite::what_is_there_keeps_its_mode",
        "exchange::tests::workbooks::a_file_that_was_cut_off_or_has_bits_turned_is_read_or_refused",
        "tests/run",
    ] {
        assert!(is_there(there), "{there}");
    }
    // A helper, one that never was, one in another file, and no file.
    for gone in [
        "documents::is_there",
        "secrets::nothing",
        "documents::nowhere",
        "tests/runs",
    ] {
        assert!(!is_there(gone), "{gone}");
    }
}
