//! How an odd sheet is to be read: which heading means what, and what words in cells stand for.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::headings::{COLUMNS, bare};
use super::row;
use crate::case::Regime;

/// Why a mapping file cannot be used: one line, to follow its name.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct MappingError(String);

/// How a sheet is to be read, where its own headings and words do not say it. Without anything in it, the usual
/// headings are understood.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// The worksheet that holds the cases.
    pub(super) sheet: Option<String>,
    /// The line that names the columns.
    pub(super) heading_line: Option<u64>,
    /// What a heading means: one of the columns, or `ignore`.
    columns: BTreeMap<String, String>,
    /// What a word in the column of regimes stands for.
    regime: BTreeMap<String, String>,
    /// What a word in the column of officers stands for: an officer's id, or nothing for nobody.
    officers: BTreeMap<String, String>,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// One line that says where and what, to follow the file's name.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let map: Self = toml::from_str(text).map_err(|error| in_line(text, &error))?;
        for (heading, column) in &map.columns {
            if column != "ignore" && !COLUMNS.contains(&column.as_str()) {
                return Err(MappingError(format!(
                    "[columns] {heading:?}: {column:?} is not a column; write \"ignore\" or one of {}",
                    COLUMNS.join(", ")
                )));
            }
        }
        for (word, regime) in &map.regime {
            row::regime(regime).map_err(|why| MappingError(format!("[regime] {word:?}: {why}")))?;
        }
        for keys in [&map.columns, &map.regime, &map.officers] {
            let mut seen: Vec<String> = keys.keys().map(|key| bare(key)).collect();
            seen.sort_unstable();
            if let Some(pair) = seen.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(MappingError(format!(
                    "{:?} stands twice but for capitals and spaces; leave one of them out",
                    pair[0]
                )));
            }
        }
        Ok(map)
    }

    /// What a heading is said to mean.
    pub(super) fn column(&self, heading: &str) -> Option<&str> {
        found(&self.columns, heading)
    }

    /// The headings that are said to mean something.
    pub(super) fn headings(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    pub(super) fn regime(&self, word: &str) -> Option<Regime> {
        row::regime(found(&self.regime, word)?).ok()
    }

    pub(super) fn officer(&self, word: &str) -> Option<&str> {
        found(&self.officers, word)
    }
}

/// The value of a key, compared without case, punctuation and spaces.
fn found<'a>(values: &'a BTreeMap<String, String>, word: &str) -> Option<&'a str> {
    let word = bare(word);
    let found = values.iter().find(|(key, _)| bare(key) == word);
    found.map(|(_, value)| value.as_str())
}

fn in_line(text: &str, error: &toml::de::Error) -> MappingError {
    let words = error.message().replace('\n', " ");
    MappingError(match error.span() {
        Some(span) => {
            let line = text.get(..span.start).unwrap_or_default().matches('\n').count() + 1;
            format!("line {line}: {words}")
        }
        None => words,
    })
}
