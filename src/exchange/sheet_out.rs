//! A sheet as CSV for whoever opens it next, which is mostly Excel.
//!
//! It begins with a byte-order mark, for without one Excel takes UTF-8 for Windows-1252 and spoils every name with an
//! accent; programs that read CSV pass over it, `import` among them.

use std::io::{self, Write};

use super::grid::guarded;

/// A sheet that is being written.
pub struct SheetOut<W: Write>(::csv::Writer<W>);

impl<W: Write> SheetOut<W> {
    /// Begins a sheet with its headings.
    ///
    /// # Errors
    /// What could not be written.
    pub fn begin<'a>(mut out: W, headings: impl Iterator<Item = &'a str>) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = ::csv::WriterBuilder::new()
            .terminator(::csv::Terminator::CRLF)
            .from_writer(out);
        writer.write_record(headings).map_err(failed)?;
        Ok(Self(writer))
    }

    /// Writes a line; each cell so that no spreadsheet takes it for a formula.
    ///
    /// # Errors
    /// What could not be written.
    pub fn line<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
        for cell in cells {
            self.0.write_field(guarded(cell).as_bytes()).map_err(failed)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(failed)
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// What could not be written.
    pub fn end(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn failed(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
