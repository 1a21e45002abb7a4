//! Timeous keeps the statutory clocks of freedom-of-information requests.

pub mod calendar;
pub mod case;
pub mod clock;
pub mod reminders;
pub mod statute;
pub mod store;
pub mod words;
