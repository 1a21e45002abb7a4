//! A file read within bounds: what a setting or an argument names may be a device without end, or somebody's disk image,
//! and fills no memory.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

/// No text that somebody writes for this program is longer, in bytes: settings, lists, templates, secrets.
pub const TEXT: u64 = 1_000_000;

/// The beginning of a file, so many bytes at most.
///
/// # Errors
/// The operating system's.
pub fn beginning(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(longest).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A text that somebody wrote, [`TEXT`] bytes at most.
///
/// # Errors
/// The operating system's; [`ErrorKind::FileTooLarge`] and [`ErrorKind::InvalidData`] with the reason in words.
pub fn text(path: &Path) -> io::Result<String> {
    let bytes = beginning(path, TEXT + 1)?;
    if bytes.len() as u64 > TEXT {
        let why = "it is longer than a million bytes, as nothing written for this program is";
        return Err(io::Error::new(ErrorKind::FileTooLarge, why));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is no text in UTF-8"))
}
