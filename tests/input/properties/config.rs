//! The configuration file.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::TempDir;
use timeous::config::{Config, Surroundings};

/// What is in the secret's file, and may be written into the configuration by mistake.
const SECRET: &str = "hunter2-Kp7xQ";

/// A folder with the files that a configuration may name: a secret, one that others can read, a list, a sheet's mapping.
fn named() -> TempDir {
    let folder = super::register::in_memory();
    for (name, mode, text) in [
        ("s", 0o600, SECRET),
        ("open", 0o644, SECRET),
        ("empty", 0o600, "\n"),
        ("list.json", 0o644, include_str!("../../../holidays/scotland.json")),
        ("map.toml", 0o644, "[columns]\n\"Came in\" = \"received\"\n"),
        ("terms.toml", 0o644, "[[term]]\nfrom = 2026-08-17\nto = 2026-12-18\n"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    folder
}

thread_local! {
    static FOLDER: TempDir = named();
}

/// A configuration is understood or refused in one line. Neither that line nor anything that is printed of what was
/// understood holds a secret: not that of the secret's file, and not one that stands where only its file's name may.
pub(super) fn configuration(data: &[u8]) {
    FOLDER.with(|folder| understood(data, folder.path()));
}

fn understood(data: &[u8], folder: &Path) {
    let text = String::from_utf8_lossy(data);
    // A secret in any other place is no secret.
    let inline = secrets_in_place(&text);
    let surroundings = Surroundings {
        state: None,
        credentials: Some(folder.to_owned()),
    };
    let said = match Config::parse(&text, folder, &surroundings) {
        Ok(config) => {
            let needed = config.need_secrets().map_err(|error| error.to_string());
            let told = needed.err().unwrap_or_default();
            assert_eq!(config.forbids_writing(&config.register), Some("the register itself"));
            format!("{told} {config:?}")
        }
        Err(error) => {
            super::told(&error.to_string(), data);
            error.to_string()
        }
    };
    assert!(
        inline.is_some_and(|elsewhere| elsewhere) || !said.contains(SECRET),
        "{said}"
    );
}

/// Whether a secret stands in the text, and if so whether anywhere but behind the keys for one.
fn secrets_in_place(text: &str) -> Option<bool> {
    let mut lines = text.lines().filter(|line| line.contains(SECRET)).peekable();
    lines.peek()?;
    Some(!lines.all(|line| {
        ["secret = ", "heartbeat = "].iter().any(|key| {
            line.strip_prefix(key).is_some_and(|value| {
                [
                    format!("\"{SECRET}\""),
                    format!("{{ file = \"s\", password = \"{SECRET}\" }}"),
                    format!("[\"{SECRET}\"]"),
                ]
                .contains(&value.to_owned())
            })
        })
    }))
}
