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
