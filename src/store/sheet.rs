//! What the register keeps of the officers' own sheet: enough to know what is new in it, and none of its words.

use chrono::{DateTime, Utc};

/// Where the service is with the sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetState {
    /// The file, as the settings name it.
    pub path: String,
    /// Its size and time of change at the last look; none where it was not there.
    pub seen: Option<String>,
    /// The same of the bytes that were read last.
    pub taken: Option<String>,
    /// When they were.
    pub read_at: Option<DateTime<Utc>>,
    /// Where the chain was after that.
    pub position: u32,
    /// How many rows they had.
    pub lines: u32,
    /// How many things in them are to be settled.
    pub held: u32,
    /// When the same bytes are to be read once more; never if none.
    pub again: Option<DateTime<Utc>>,
}

/// A row of the sheet, by its case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The case.
    pub reference: String,
    /// A hash of what the row says, and the names of the columns in which it has ever said anything.
    pub hash: String,
    /// Who it says has the case.
    pub officer: Option<String>,
    /// Whether something of it is to be settled, so that it is looked at again at each reading.
    pub held: bool,
}

/// Something amiss with the sheet, or with a row of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetOddity {
    /// What, without the words of the sheet.
    pub name: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether a notice of it was left for the sheet's owner.
    pub told: bool,
}
