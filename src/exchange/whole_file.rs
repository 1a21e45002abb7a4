//! A file that is there whole, or as it was before.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// A file that is being written beside the one it will replace.
pub struct WholeFile {
    target: PathBuf,
    beside: PathBuf,
    out: Option<BufWriter<File>>,
}

impl WholeFile {
    /// Begins a file that is to stand at a path, its folder being there. It is its owner's to write and its group's to
    /// read, as far as the process's umask lets that be.
    ///
    /// # Errors
    /// If what stands there is no file, or none can be made beside it.
    pub fn begin(path: &Path) -> io::Result<Self> {
        // Where the name leads elsewhere, what it leads to is replaced and not the name.
        let target = match fs::canonicalize(path) {
            Ok(target) => target,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(error),
        };
        if fs::metadata(&target).is_ok_and(|found| !found.is_file()) {
            return Err(io::Error::other("it is no file, and only a file can be replaced"));
        }
        let Some(name) = target.file_name() else {
            return Err(io::Error::other("it names no file"));
        };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let beside = target.with_file_name(hidden);
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o640)
            .open(&beside)?;
        Ok(Self {
            target,
            beside,
            out: Some(BufWriter::new(file)),
        })
    }

    /// Puts it in its place, for good, unless what stands there is the same to the byte. Whether it did.
    ///
    /// # Errors
    /// What could not be written; the file that was there stands.
    pub fn finish(mut self) -> io::Result<bool> {
        let Some(out) = self.out.take() else {
            return Ok(false);
        };
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        if same(&self.beside, &self.target)? {
            return Ok(false);
        }
        file.sync_all()?;
        fs::rename(&self.beside, &self.target)?;
        let folder = match self.target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        File::open(folder)?.sync_all()?;
        Ok(true)
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Some(out) => out.write(bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // After the renaming it is no longer there.
        let _ = fs::remove_file(&self.beside);
    }
}

fn same(one: &Path, other: &Path) -> io::Result<bool> {
    let length = |path: &Path| fs::metadata(path).map(|found| found.len());
    let Ok(theirs) = length(other) else { return Ok(false) };
    if length(one)? != theirs {
        return Ok(false);
    }
    let Ok(other) = File::open(other) else { return Ok(false) };
    let (mut one, mut other) = (BufReader::new(File::open(one)?), BufReader::new(other));
    let (mut mine, mut yours) = (Vec::new(), Vec::new());
    loop {
        for (from, block) in [(&mut one, &mut mine), (&mut other, &mut yours)] {
            block.clear();
            from.take(65_536).read_to_end(block)?;
        }
        if mine != yours {
            return Ok(false);
        }
        if mine.is_empty() {
            return Ok(true);
        }
    }
}
