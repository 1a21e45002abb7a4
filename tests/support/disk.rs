//! A disk of its own for a test: small, so that it can be filled, and its to make read-only. Mounted by root, or through
//! a sudo that does not ask; gone when dropped.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A mounted file system.
pub struct Disk {
    point: PathBuf,
}

fn privileged(program: &str) -> Command {
    let root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut command = Command::new(if root { program } else { "sudo" });
    if !root {
        command.args(["-n", program]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn done(program: &str, args: &[&str]) -> bool {
    privileged(program)
        .args(args)
        .status()
        .is_ok_and(|status| status.success())
}

impl Disk {
    /// A disk in memory of so many KiB, at a folder that is made for it. None where this machine cannot mount one; with
    /// `TIMEOUS_REQUIRE_TOOLS` set that is a failure.
    pub fn mount(point: &Path, kib: u32) -> Option<Disk> {
        std::fs::create_dir_all(point).unwrap();
        let size = format!("size={kib}k,mode=0777");
        let mounted = done("mount", &["-t", "tmpfs", "-o", &size, "none", point.to_str().unwrap()]);
        Disk::or_skip(
            mounted,
            point,
            "a disk cannot be mounted here; run as root, or let sudo do without asking",
        )
    }

    /// A folder as a program serves it (FUSE), by Debian's bindfs.
    pub fn served(folder: &Path, point: &Path) -> Option<Disk> {
        std::fs::create_dir_all(point).unwrap();
        let mounted = done("bindfs", &[folder.to_str().unwrap(), point.to_str().unwrap()]);
        Disk::or_skip(
            mounted,
            point,
            "bindfs is missing or not allowed; tests/run installs it",
        )
    }

    fn or_skip(mounted: bool, point: &Path, why: &str) -> Option<Disk> {
        let required = std::env::var_os("TIMEOUS_REQUIRE_TOOLS").is_some();
        assert!(mounted || !required, "{why}");
        if !mounted {
            println!("skipped: {why}");
        }
        mounted.then(|| Disk {
            point: point.to_owned(),
        })
    }

    /// Leaves no room for a byte.
    pub fn fill(&self) {
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(self.point.join("filler"))
            .unwrap();
        let mut block = vec![0; 65_536];
        while !block.is_empty() {
            match file.write(&block) {
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::StorageFull => block.truncate(block.len() / 2),
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Gives the room back.
    pub fn free(&self) {
        std::fs::remove_file(self.point.join("filler")).unwrap();
    }

    /// Lets nobody write, or everybody again.
    pub fn read_only(&self, so: bool) {
        let how = if so { "remount,ro" } else { "remount,rw" };
        assert!(done("mount", &["-o", how, self.point.to_str().unwrap()]));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        done("umount", &["-l", self.point.to_str().unwrap()]);
    }
}
