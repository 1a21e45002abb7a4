use std::fs;

use rstest::rstest;
use tempfile::TempDir;

use super::*;

fn folder(files: &[(&str, &str)]) -> (TempDir, Settings) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("digest")).unwrap();
    for (name, source) in files {
        fs::write(folder.path().join(name), source).unwrap();
    }
    let settings = Settings {
        templates: Some(folder.path().to_owned()),
        ..council()
    };
    (folder, settings)
}

#[test]
fn a_file_in_the_folder_wins_and_the_others_stay_built_in() {
    let (_folder, settings) = folder(&[("digest/subject", "{{ authority }} § {{ tally }}\n")]);
    let today = day("2026-11-27");
    let case = case("FOI-1", &["received 2026-11-02"]);
    let digest = Digest::new(today, soon(today), vec![block(case, &[Step::Response], today)]);
    let words = worded_with(&settings, &digest, &Closures::default());
    assert_eq!(words.subject, "Example Council § 1 soon");
    assert!(
        words.text.starts_with("Good morning, B Jones. One case needs you.\n"),
        "{}",
        words.text
    );
}

#[rstest]
#[case("digest/text", "fine\n{% if %}\n", "line 2: syntax error")]
#[case(
    "digest/text",
    "fine\n\n{{ readr }}\n",
    "line 3: undefined value: `readr` is undefined"
)]
#[case(
    "digest/html",
    "{% for case in cases %}\n{{ case.refrence }}{% endfor %}",
    "line 2: undefined value"
)]
#[case("digest/html", "{{ reader|shout }}", "line 1: unknown filter")]
#[case(
    "digest/subject",
    "FOI: {{ tally }}\nfirst {{ first }}",
    "line 2: a subject must be one line"
)]
#[case(
    "digest/subject",
    "{% if 0 %}x{% endif %}",
    "line 1: a subject must be one line, and this makes 0"
)]
// Free text has no way into a subject.
#[case("digest/subject", "{{ cases[0].headline }}", "line 1: undefined value")]
fn a_broken_file_is_refused_when_it_is_loaded(#[case] name: &str, #[case] source: &str, #[case] fault: &str) {
    let (folder, settings) = folder(&[(name, source)]);
    let message = Wording::new(&settings).unwrap_err().to_string();
    let file = folder.path().join(name).display().to_string();
    assert!(message.starts_with(&format!("template {file}, {fault}")), "{message}");
    assert!(
        message.ends_with("mend it, or remove the file to have the built-in one"),
        "{message}"
    );
    assert_eq!(message.lines().count(), 1, "{message}");
}

#[test]
fn a_folder_that_would_change_nothing_is_refused() {
    let (_folder, settings) = folder(&[("digest/text.txt", "hello")]);
    let message = Wording::new(&settings).unwrap_err().to_string();
    assert!(
        message.ends_with(
            "holds none of digest/subject, digest/text, digest/html, notice/subject, notice/text, notice/html, letter/ack, \
             letter/answer, letter/review; put one there, or take the setting out"
        ),
        "{message}"
    );
}

#[test]
fn a_letter_of_the_authoritys_own_wins_and_a_broken_one_is_refused() {
    let own = |source: &str| {
        let (folder, settings) = folder(&[]);
        fs::create_dir_all(folder.path().join("letter")).unwrap();
        fs::write(folder.path().join("letter/ack"), source).unwrap();
        Wording::new(&settings)
    };
    let case = case("FOI-1", &["received 2022-02-04"]);
    let matter = crate::wording::letters::Matter {
        case: &case,
        deadlines: &law(&case),
        calendar: &Calendar::compiled_in().unwrap(),
        authority: crate::statute::AuthorityKind::Ordinary,
        today: day("2022-02-04"),
    };
    let wording = own("By {{ parts[0].answer_by }}.").unwrap();
    let text = wording.letter(crate::wording::letters::Letter::Ack, &matter).unwrap();
    assert_eq!(text, "By Friday 4 March 2022.\n");
    let message = own("fine\n{{ parts[0].answer }}").unwrap_err().to_string();
    assert!(message.contains("letter/ack, line 2: undefined value"), "{message}");
}

#[test]
fn a_file_that_is_no_text_is_refused() {
    let (folder, settings) = folder(&[]);
    fs::write(folder.path().join("digest/text"), [0xff, 0xfe]).unwrap();
    let message = Wording::new(&settings).unwrap_err().to_string();
    assert!(message.contains("digest/text cannot be read"), "{message}");
}
