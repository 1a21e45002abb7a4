//! Rows in and out: what an officer's sheet says, as facts; what the register says, as a sheet and as a calendar.

pub mod csv;
pub mod ics;
pub mod sheet_out;
pub mod whole_file;
