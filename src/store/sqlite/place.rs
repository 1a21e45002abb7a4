//! Where a register lies: its files and those beside it, and the file system below them.

use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::super::{Error, Result};

/// The mode of the files made here, whatever the umask: officers share the service's group. SQLite gives the
/// files it puts beside the register the register's own mode.
pub(super) const MODE: u32 = 0o660;

/// One page of the smallest size: no database with anything in it is shorter.
const SMALLEST_DATABASE: u64 = 512;

/// What every database of SQLite begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Where its `application_id` stands.
const MARK_AT: u64 = 68;

/// File systems on which locks or shared memory cannot be trusted, by the kind that mountinfo gives: those of a network,
/// of a virtual machine's host, and those that are programs.
const UNTRUSTED: [&str; 23] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb2",
    "smb3",
    "smbfs",
    "ncpfs",
    "9p",
    "afs",
    "coda",
    "ceph",
    "glusterfs",
    "lustre",
    "gpfs",
    "beegfs",
    "orangefs",
    "pvfs2",
    "virtiofs",
    "vboxsf",
    "vmhgfs",
    "prl_fs",
    "fuse",
    "fuseblk",
];

/// The file that a name leads to. Locks stand beside the file itself: two names of it with locks of their own would be
/// two services on one register.
pub(super) fn resolved(path: &Path) -> Result<PathBuf> {
    if !path.is_symlink() {
        return Ok(no_address(path));
    }
    path.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::LeadsNowhere(path.display().to_string()),
        _ => io(path, &error),
    })
}

/// SQLite takes a name that begins so for an address.
pub(super) fn no_address(path: &Path) -> PathBuf {
    match path.as_os_str().as_encoded_bytes().starts_with(b"file:") {
        true => Path::new(".").join(path),
        false => path.to_owned(),
    }
}

pub(super) fn beside(path: &Path, name: &str) -> PathBuf {
    let mut file = path.as_os_str().to_owned();
    file.push(".");
    file.push(name);
    file.into()
}

pub(super) fn lock_file(path: &Path, name: &str) -> Result<File> {
    let name = beside(path, name);
    make_file(&name)?;
    refuse_odd_lock(&name)?;
    OpenOptions::new()
        .write(true)
        .open(&name)
        .map_err(|error| io(&name, &error))
}

/// Refuses a lock that is no plain file: opening a pipe waits for ever, and behind a link it is not everybody's lock.
pub(super) fn refuse_odd_lock(name: &Path) -> Result<()> {
    match name.symlink_metadata() {
        Ok(found) if !found.is_file() => Err(Error::Engine(format!(
            "{} is a lock and no plain file; remove it, and look who put it there",
            name.display()
        ))),
        _ => Ok(()),
    }
}

pub(super) fn make_folder(path: &Path) -> Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::create_dir_all(folder).map_err(|error| io(folder, &error)),
        None => Ok(()),
    }
}

/// Makes an empty file of [`MODE`]. One that is there is left as it is.
fn make_file(path: &Path) -> Result<()> {
    let made = OpenOptions::new().write(true).create_new(true).mode(MODE).open(path);
    match made.and_then(|file| file.set_permissions(Permissions::from_mode(MODE))) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(io(path, &error)),
        _ => Ok(()),
    }
}

/// Refuses what cannot be a database, before SQLite takes a file too short to be one for an empty one and writes over it.
pub(super) fn refuse_odd_file(path: &Path) -> Result<Metadata> {
    let found = std::fs::metadata(path).map_err(|error| Error::Engine(error.to_string()))?;
    let not_a_register = || Error::NotARegister(path.display().to_string());
    match found.len() {
        _ if !found.is_file() => Err(not_a_register()),
        0 => Err(Error::Empty(path.display().to_string())),
        1..SMALLEST_DATABASE => Err(match was_a_register(path) {
            true => Error::Damaged("the file has been cut off".to_owned()),
            false => not_a_register(),
        }),
        _ => Ok(found),
    }
}

/// Where SQLite keeps what was written last, or what was there before.
pub(super) fn logs_of(path: &Path) -> [PathBuf; 2] {
    ["-wal", "-journal"].map(|ending| {
        let mut log = path.as_os_str().to_owned();
        log.push(ending);
        log.into()
    })
}

pub(super) fn is_filled(file: &Path) -> bool {
    file.symlink_metadata().is_ok_and(|found| found.len() > 0)
}

/// Whether a file that cannot be opened as a register has been one: its mark is there, or so little is left of it that
/// it would be.
pub(super) fn was_a_register(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let (mut magic, mut mark) = ([0; 16], [0; 4]);
    let is_database = file.read_exact_at(&mut magic, 0).is_ok() && magic == *MAGIC;
    match file.read_exact_at(&mut mark, MARK_AT) {
        Ok(()) => mark == *b"TIME",
        Err(_) => is_database,
    }
}

/// Which file it is, whatever its name.
pub(super) fn identity(found: &Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}

/// Why a file cannot be opened: SQLite's words, and the machine's where it has any.
pub(super) fn why_not(path: &Path, words: String) -> String {
    match OpenOptions::new().write(true).open(path) {
        Err(error) => format!("{words}: {error}"),
        Ok(_) => words,
    }
}

pub(super) fn io(path: &Path, error: &std::io::Error) -> Error {
    Error::Engine(format!("{}: {error}", path.display()))
}

/// Refuses a path on a file system whose locks cannot be trusted. Where the kernel does not tell, nothing is
/// refused.
pub(super) fn refuse_network_file_system(path: &Path) -> Result<()> {
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mountinfo") else {
        return Ok(());
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // A file may be a mount by itself; one that is yet to be made lies where its folder does.
    let place = path.canonicalize();
    let Ok(place) = place.or_else(|_| folder.unwrap_or(Path::new(".")).canonicalize()) else {
        return Ok(());
    };
    match file_system_of(&mounts, &place) {
        Some(kind) if is_untrusted(kind) => Err(Error::NetworkFileSystem {
            path: path.display().to_string(),
            kind: kind.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// `fuse.sshfs` is a kind of `fuse`.
fn is_untrusted(kind: &str) -> bool {
    UNTRUSTED.contains(&kind.split('.').next().unwrap_or_default())
}

/// The kind of the file system a path lies on, by the longest mount point above it; of two mounted at one
/// place the later hides the earlier.
fn file_system_of<'a>(mounts: &'a str, place: &Path) -> Option<&'a str> {
    mounts
        .lines()
        .filter_map(|line| {
            let (mount, rest) = line.split_once(" - ")?;
            let point = unescaped(mount.split(' ').nth(4)?);
            let kind = rest.split(' ').next()?;
            place.starts_with(&point).then_some((point.len(), kind))
        })
        .max_by_key(|(length, _)| *length)
        .map(|(_, kind)| kind)
}

/// The kernel writes four characters by their octal number, so that a line stays a line and a field a field.
fn unescaped(point: &str) -> String {
    let escapes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    // The backslash last: what follows one of the path's own is no escape.
    escapes.iter().fold(point.to_owned(), |point, (escape, character)| {
        point.replace(escape, character)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_decides_and_a_network_one_is_known() {
        let mounts = "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n\
                      40 22 0:35 / /srv/share\\040one rw shared:9 - nfs4 server:/x rw\n\
                      41 22 0:36 / /home/a rw shared:9 - fuse.sshfs x rw\n\
                      42 22 0:37 / /srv/back\\134slash\\011tab rw - 9p x rw\n\
                      43 22 254:0 / /home/a/local rw - xfs /dev/vdb rw\n\
                      44 43 0:38 / /home/a/local/register.db rw - cifs x rw\n\
                      45 22 0:39 / /twice rw - nfs x rw\n\
                      46 22 0:40 / /twice rw - btrfs x rw\n";
        for (place, kind) in [
            ("/srv/other", "ext4"),
            ("/srv/share one/foi", "nfs4"),
            ("/home/a", "fuse.sshfs"),
            ("/home/ab", "ext4"),
            ("/srv/back\\slash\ttab/register.db", "9p"),
            ("/home/a/local", "xfs"),
            ("/home/a/local/register.db", "cifs"),
            ("/twice/register.db", "btrfs"),
        ] {
            assert_eq!(file_system_of(mounts, Path::new(place)), Some(kind), "{place}");
        }
    }

    #[test]
    fn what_a_network_a_host_or_a_program_serves_is_refused_and_a_local_disk_is_not() {
        for kind in [
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "9p",
            "virtiofs",
            "ceph",
            "glusterfs",
            "lustre",
            "afs",
            "vboxsf",
            "fuse",
            "fuse.sshfs",
            "fuse.glusterfs",
            "fuse.bindfs",
            "fuseblk",
        ] {
            assert!(is_untrusted(kind), "{kind}");
        }
        for kind in ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "f2fs", "fusectl"] {
            assert!(!is_untrusted(kind), "{kind}");
        }
    }
}
