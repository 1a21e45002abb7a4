//! Whom to tell what, and on which morning.
//!
//! A reminder follows from where a deadline stands, never from a date having come round: a rung of its
//! ladder is told once it is *unsent and its morning has come*, so that no downtime, holiday, late logging or
//! moved date loses one.

pub mod closures;
pub mod copies;
pub mod digest;
pub mod ladder;
pub mod next;
pub mod notice;
pub mod people;

pub use closures::{Closures, OpenDays, Quiet};
pub use copies::Upward;
pub use ladder::{Ladder, Ladders, Rung};
pub use notice::Notice;
pub use people::{People, Recipient};

use crate::words::words;

words! {
    /// Why a rung is told on the day it is told.
    Reason {
        /// Its morning has come.
        Coming = "coming",
        /// Its morning had passed: the case was logged late, a date moved, or the service was away.
        Missed = "missed",
        /// A duty is past the day to work to, and told every open morning.
        PastSafeDate = "past-safe-date",
        /// A duty is overdue, and told every open morning.
        Overdue = "overdue",
        /// A right can no longer be used as of right.
        Ended = "ended",
    }
}
