use super::*;

#[test]
fn a_reference_is_one_short_line() {
    assert_eq!(
        " IM-FOI-2022-0365 ".parse::<Reference>().unwrap().as_str(),
        "IM-FOI-2022-0365"
    );
    assert!("FOI/2026/é 7".parse::<Reference>().is_ok());
    for wrong in ["", "   ", "a\nb", "a\u{2028}b", &"x".repeat(65)] {
        assert!(wrong.parse::<Reference>().is_err(), "{wrong:?}");
    }
}

#[test]
fn a_reference_that_nobody_can_tell_from_another_is_none_for_a_new_case() {
    let checked = |text: &str| text.parse::<Reference>().unwrap().check_plain();
    for plain in ["A-12", "a-12", "FOI/2026/é 7", "A\u{2013}12"] {
        assert_eq!(checked(plain), Ok(()), "{plain}");
    }
    for unseen in ['\u{ad}', '\u{200b}', '\u{200d}', '\u{200f}', '\u{2060}', '\u{feff}'] {
        let why = checked(&format!("A-1{unseen}2")).unwrap_err().to_string();
        assert!(why.starts_with(&format!(
            "reference \"A-12\" has a character in it (U+{:04X})",
            u32::from(unseen)
        )));
    }
    assert!(checked("A\u{2011}12").is_err());
}

#[test]
fn details_are_stored_without_what_is_not_said() {
    let details = Details {
        posted: true,
        outcome: Some(Outcome::NotHeld),
        ..Details::default()
    };
    let json = serde_json::to_string(&details).unwrap();
    assert_eq!(json, r#"{"posted":true,"outcome":"not-held"}"#);
    assert_eq!(serde_json::from_str::<Details>(&json).unwrap(), details);
}
