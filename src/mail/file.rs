//! The transport without a server: one `.eml` file a message, for trying
//! things out and for offices whose mail is fetched from a folder.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use chrono::{DateTime, Utc};

use super::{Outcome, Rendered, Stage, message};

/// Writes `mail` into `folder` as `20180405T070000Z-0123456789ab.eml`: `at`,
/// then the first twelve characters of the Message-ID. The folder is made
/// (mode 0700) where it is missing; the file is readable by its owner alone
/// (mode 0600).
///
/// A message that is already there is replaced under the name it has, however
/// much later it comes again: one Message-ID, one file. The file appears whole
/// or not at all, and [`Outcome::Accepted`] is only said once both it and its
/// folder entry are on the disk.
///
/// Whatever goes wrong is [`Outcome::Deferred`] at [`Stage::Connect`], with a
/// sentence that names the folder: a full or unmounted disk is mended by
/// somebody, and the mail must then still go out.
#[must_use]
pub fn deliver(folder: &Path, mail: &Rendered, at: DateTime<Utc>) -> Outcome {
    match write(folder, mail, at) {
        Ok(name) => Outcome::accepted(&format!("written to {name}")),
        Err(error) => Outcome::deferred(
            Stage::Connect,
            &format!("cannot write to the folder {}: {error}", folder.display()),
        ),
    }
}

fn write(folder: &Path, mail: &Rendered, at: DateTime<Utc>) -> io::Result<String> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let short = short(&mail.message_id);
    let ending = format!("-{short}.eml");
    let name = match already_there(folder, &ending)? {
        Some(name) => name,
        None => format!("{}{ending}", at.format("%Y%m%dT%H%M%SZ")),
    };
    let temporary = folder.join(format!(".{short}.part"));
    let written = whole_file(&temporary, &mail.bytes).and_then(|()| fs::rename(&temporary, folder.join(&name)));
    if written.is_err() {
        // The first error is the one worth reporting.
        let _ = fs::remove_file(&temporary);
    }
    written?;
    File::open(folder)?.sync_all()?;
    Ok(name)
}

/// Twelve characters that stand for the message and are safe in a file name.
/// Our own ids begin with hexadecimal digits; any other is hashed first.
fn short(message_id: &str) -> String {
    match message_id.get(..12) {
        Some(start) if start.bytes().all(|b| b.is_ascii_alphanumeric()) => start.to_owned(),
        _ => message::hex(&[message_id.as_bytes()], 12),
    }
}

fn already_there(folder: &Path, ending: &str) -> io::Result<Option<String>> {
    for entry in fs::read_dir(folder)? {
        if let Ok(name) = entry?.file_name().into_string()
            && name.ends_with(ending)
        {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn whole_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A leftover of a crash may have any mode, so it goes first and the file
    // is made anew.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::fs::PermissionsExt;

    use chrono::{TimeDelta, TimeZone};

    use super::*;

    fn rendered(id: &str, body: &str) -> Rendered {
        Rendered {
            from: "foi@example.gov.uk".to_owned(),
            to: "officer@example.gov.uk".to_owned(),
            message_id: id.to_owned(),
            bytes: body.as_bytes().to_vec(),
        }
    }

    fn seven() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2018, 4, 5, 7, 0, 0).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_mail_becomes_one_private_file_in_a_private_folder() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("new/outbox");
        let mail = rendered("0123456789abcdef@example.gov.uk", "hello");
        let outcome = deliver(&folder, &mail, seven());
        assert_eq!(
            outcome,
            Outcome::accepted("written to 20180405T070000Z-0123456789ab.eml")
        );
        let path = folder.join("20180405T070000Z-0123456789ab.eml");
        assert_eq!(fs::read(&path).unwrap(), b"hello");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn the_same_message_again_replaces_itself_even_on_another_day() {
        let home = tempfile::tempdir().unwrap();
        let once = rendered("0123456789abcdef@x", "first");
        let again = rendered("0123456789abcdef@x", "second");
        let other = rendered("fedcba9876543210@x", "other");
        assert_eq!(deliver(home.path(), &once, seven()).kind(), "accepted");
        let later = seven() + TimeDelta::days(1);
        assert_eq!(deliver(home.path(), &again, later).kind(), "accepted");
        assert_eq!(deliver(home.path(), &other, later).kind(), "accepted");
        assert_eq!(
            names(home.path()),
            ["20180405T070000Z-0123456789ab.eml", "20180406T070000Z-fedcba987654.eml"]
        );
        let first = home.path().join("20180405T070000Z-0123456789ab.eml");
        assert_eq!(fs::read(first).unwrap(), b"second");
    }

    #[test]
    fn a_leftover_of_a_crash_is_in_nobodys_way() {
        let home = tempfile::tempdir().unwrap();
        let leftover = home.path().join(".0123456789ab.part");
        fs::write(&leftover, "half").unwrap();
        let mail = rendered("0123456789abcdef@x", "whole");
        assert_eq!(deliver(home.path(), &mail, seven()).kind(), "accepted");
        assert_eq!(names(home.path()), ["20180405T070000Z-0123456789ab.eml"]);
    }

    #[test]
    fn an_id_that_is_no_file_name_stays_inside_the_folder() {
        let home = tempfile::tempdir().unwrap();
        for id in ["../../../etc/x@y", "a@b", "ééééééééééééé@x"] {
            assert_eq!(deliver(home.path(), &rendered(id, id), seven()).kind(), "accepted");
        }
        assert_eq!(names(home.path()).len(), 3);
    }

    #[test]
    fn a_folder_that_cannot_be_is_deferred_and_named() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("a-file");
        fs::write(&folder, "").unwrap();
        let outcome = deliver(&folder, &rendered("0123456789abcdef@x", ""), seven());
        assert_eq!((outcome.kind(), outcome.stage()), ("deferred", Some(Stage::Connect)));
        assert!(outcome.words().contains("a-file"), "{}", outcome.words());
    }
}
