//! Timeous keeps the statutory clocks of freedom-of-information requests.

pub mod mail;
