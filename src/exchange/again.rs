//! Headings that come again further down: people paste one list below another, and not always with the same columns.

use std::collections::HashMap;
use std::ops::Range;

use super::csv;
use super::grid::{Cell, Grid, GridLine};
use super::headings::{COLUMNS, Headings, read};
use super::lines::{WORDS, holds_date};
use super::{Mapping, SheetError};

/// Lines that one line of headings stands above.
pub(super) struct Block {
    /// The headings. Below others that only come in another order, those.
    pub(super) headings: Headings,
    /// The places of the lines below them.
    pub(super) below: Range<usize>,
    /// Why nothing below them can be taken.
    pub(super) unfit: Option<String>,
}

/// The blocks of a sheet, the one below its first headings first.
pub(super) fn blocks(grid: &Grid, map: &Mapping, first: Headings) -> Vec<Block> {
    let lines = grid.lines.iter().enumerate().skip(first.at + 1);
    let mut found: Vec<_> = lines.filter_map(|(at, line)| again(at, line, map, &first)).collect();
    found.insert(0, (first, None));
    let ends: Vec<usize> = found.iter().skip(1).map(|(headings, _)| headings.at).collect();
    let ends = ends.into_iter().chain([grid.lines.len()]);
    let blocks = found.into_iter().zip(ends).map(|((headings, unfit), end)| Block {
        below: headings.at + 1..end,
        headings,
        unfit,
    });
    blocks.collect()
}

/// The lines of a grid whose cells have moved, by their places, and why they cannot be taken.
pub(super) fn moved(grid: &Grid, blocks: &[Block]) -> HashMap<usize, String> {
    let mut all = HashMap::new();
    let mut widest = 0;
    for block in blocks {
        let Some(parted) = grid.lines.get(block.headings.at).and_then(|line| line.parted) else {
            continue;
        };
        widest = parted.cells.max(widest);
        let lines = grid.lines.get(block.below.clone()).unwrap_or_default();
        let moved = block.below.clone().zip(csv::moved(lines, widest)).zip(lines);
        let moved = moved.filter(|((_, moved), _)| *moved);
        all.extend(moved.map(|((at, _), line)| (at, csv::why_moved(line, widest))));
    }
    all
}

/// The headings that a line has, and why what stands below it cannot be taken; nothing where it has none.
fn again(at: usize, line: &GridLine, map: &Mapping, first: &Headings) -> Option<(Headings, Option<String>)> {
    let words = line.cells.iter().filter(|cell| matches!(cell, Cell::Text(_))).count();
    // Reading a line as headings costs more than all else that is done with it.
    if words < 2 || line.cells.iter().any(holds_date) {
        return None;
    }
    let (headings, twice) = read(at, line, map);
    let has = |column: &str| headings.columns().any(|one| one == column);
    if !has("reference") || !headings.columns().any(|column| !WORDS.contains(&column)) {
        return None;
    }
    if twice.is_none() && is_in_place(&headings, line, first) {
        let same = Headings {
            at,
            number: line.number,
            ..first.clone()
        };
        return Some((same, None));
    }
    let same_columns = twice.is_none() && headings.columns().eq(first.columns());
    let unfit = (!same_columns).then(|| unfit(&headings, twice.as_ref(), first));
    Some((headings, unfit))
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
