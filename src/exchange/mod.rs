//! Rows in and out: what an officer's sheet says, as facts.

pub mod csv;
