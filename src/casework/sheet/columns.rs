//! The columns that the sheet has had. One whose heading is retyped is understood no more, and whatever is written
//! below it from then on would be taken by nobody.

use std::collections::BTreeSet;

use super::Reading;
use super::rows::Odd;
use crate::exchange::COLUMNS;
use crate::store::SheetRow;
use crate::wording::sheet as words;

/// They are remembered among the rows, under a reference that no case can have.
pub(super) const REFERENCE: &str = "";

fn of(remembered: Option<&SheetRow>) -> BTreeSet<&'static str> {
    let names: BTreeSet<&str> = remembered.map_or_else(BTreeSet::new, |row| row.hash.split(',').collect());
    COLUMNS.into_iter().filter(|column| names.contains(column)).collect()
}

/// Those that are gone.
pub(super) fn gone(remembered: Option<&SheetRow>, reading: &Reading) -> Vec<Odd> {
    let gone = of(remembered)
        .into_iter()
        .filter(|column| !reading.columns.contains(column));
    gone.map(|column| Odd::of_the_whole(format!("column/{column}"), words::column_gone(column)))
        .collect()
}

/// What is remembered after a reading: those that were there and those that are, or only these where that is `meant`.
pub(super) fn after(remembered: Option<&SheetRow>, reading: &Reading, meant: bool) -> SheetRow {
    let mut columns: BTreeSet<&str> = reading.columns.iter().copied().collect();
    if !meant {
        columns.extend(of(remembered));
    }
    let columns: Vec<&str> = columns.into_iter().collect();
    SheetRow {
        reference: REFERENCE.to_owned(),
        hash: columns.join(","),
        officer: None,
        held: false,
    }
}
