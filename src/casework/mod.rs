//! What is done with cases: where the law meets the register.
//!
//! Each use case runs inside the store's transactions and takes the present moment as a parameter. Nothing
//! here sends mail or waits; the service and the command line do that.

pub mod compare;
mod copies;
pub mod deliver;
pub mod derive;
pub mod dispatch;
pub mod export;
pub mod feed;
pub mod import;
pub mod notices;
pub mod overview;
pub mod purge;
pub mod reconcile;
pub mod record;
pub mod sheet;
mod stillness;
pub mod verify;

pub use crate::config::Rules;

use crate::case::Refusal;
use crate::store;
use crate::wording;

/// Why a use case could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was asked cannot be; nothing is changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The register could not be used.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A mail could not be worded.
    #[error(transparent)]
    Wording(#[from] wording::Error),
}

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;
