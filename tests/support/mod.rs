//! What several integration tests share. Not every test uses all of it.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers, and real children have to be waited for"
)]

pub mod disk;
pub mod https;
pub mod office;
pub mod postfix;
pub mod prepared;
mod ran;
pub mod smtp;
