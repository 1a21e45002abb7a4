//! Headings that come again further down: people paste one list below another, and not always with the same columns.

use std::collections::HashMap;

use super::csv;
use super::grid::{Cell, Grid, GridLine};
use super::headings::{COLUMNS, Headings, read};
use super::lines::{WORDS, holds_date};
use super::{Mapping, SheetError};

/// Lines that one line of headings stands above.
pub(super) struct Block {
    /// The headings. Below others that only come in another order, those.
    pub(super) headings: Headings,
    /// Why nothing below them can be taken.
    pub(super) unfit: Option<String>,
}

/// The blocks of a sheet, the one below its first headings first.
pub(super) fn blocks(grid: &Grid, map: &Mapping, first: Headings) -> Vec<Block> {
    let lines = grid.lines.iter().enumerate().skip(first.at + 1);
    let further: Vec<Block> = lines
        .filter_map(|(at, line)| block(at, line, map, &first))
        .collect();
    let first = Block {
        headings: first,
        unfit: None,
    };
    std::iter::once(first).chain(further).collect()
}

/// The lines of a grid whose cells have moved, by their places, and why they cannot be taken.
pub(super) fn moved(grid: &Grid, blocks: &[Block]) -> HashMap<usize, String> {
    let mut all = HashMap::new();
    let mut widest = 0;
    for (index, block) in blocks.iter().enumerate() {
        let headings = block.headings.at;
        let end = blocks.get(index + 1).map_or(grid.lines.len(), |next| next.headings.at);
        let Some(parted) = grid.lines.get(headings).and_then(|line| line.parted) else {
            continue;
        };
        widest = parted.cells.max(widest);
        let lines = grid.lines.get(headings + 1..end).unwrap_or_default();
        let moved = csv::moved(lines, widest).into_iter().zip(lines).enumerate();
        let moved = moved.filter(|(_, (moved, _))| *moved);
        all.extend(moved.map(|(at, (_, line))| (headings + 1 + at, csv::why_moved(line, widest))));
    }
    all
}

/// The block below a line, if that has headings.
fn block(at: usize, line: &GridLine, map: &Mapping, first: &Headings) -> Option<Block> {
    let words = line.cells.iter().filter(|cell| matches!(cell, Cell::Text(_))).count();
    // Reading a line as headings costs more than all else that is done with it.
    if words < 2 || line.cells.iter().any(holds_date) {
        return None;
    }
    let (headings, twice) = read(at, line, map);
    let has = |column: &str| headings.columns().any(|one| one == column);
    let is_headings = has("reference") && headings.columns().any(|column| !WORDS.contains(&column));
    if !is_headings {
        return None;
    }
    let columns = || headings.columns().eq(first.columns());
    let unfit = match twice {
        None if is_in_place(&headings, line, first) => {
            return Some(Block {
                headings: Headings {
                    at,
                    number: line.number,
                    ..first.clone()
                },
                unfit: None,
            });
        }
        None if columns() => None,
        twice => Some(unfit(&headings, twice.as_ref(), first)),
    };
    Some(Block { headings, unfit })
}

/// Whether what a line names is where the first headings have it, and nothing else stands under those.
fn is_in_place(headings: &Headings, line: &GridLine, first: &Headings) -> bool {
    let mut columns = headings.places.iter().zip(&first.places);
    columns.all(|(again, first)| match (again, first) {
        (Some((again, _)), Some((first, _))) => again == first,
        (Some(_), None) => false,
        (None, Some((first, _))) => line.cells.get(*first).is_none_or(Cell::is_empty),
        (None, None) => true,
    })
}

fn unfit(headings: &Headings, twice: Option<&SheetError>, first: &Headings) -> String {
    let (here, there) = (headings.number, first.number);
    let columns = COLUMNS.iter().zip(headings.places.iter().zip(&first.places));
    let differing: Vec<&str> = columns
        .filter(|(_, (again, first))| again.is_some() != first.is_some())
        .map(|(column, _)| *column)
        .collect();
    let why = match twice {
        Some(SheetError::Twice { column, .. }) => format!("has {column} twice"),
        _ => format!("names other columns than line {there} ({})", differing.join(", ")),
    };
    format!(
        "line {here} {why}, so nothing below it is read; give it the headings of line {there}, in any order, or put what \
         stands below it into a sheet of its own"
    )
}
