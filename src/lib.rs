//! Timeous keeps the statutory clocks of freedom-of-information requests to Scottish public authorities.
//!
//! The way through the house: something happened (an entry), it folds into a case, the statute and the
//! calendar say which deadlines it has, the ladder says which rung comes next and on which morning, when that
//! morning comes a digest is written into the outbox, it is sent, and the server's answer is kept. Never back.
//! `ARCHITECTURE.md` has the floors.

pub mod calendar;
pub mod case;
pub mod casework;
pub mod cli;
pub mod clock;
pub mod config;
pub mod exchange;
pub mod files;
pub mod http;
pub mod mail;
pub mod reminders;
pub mod service;
pub mod statute;
pub mod store;
pub mod wording;
pub mod words;
