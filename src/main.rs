//! The door: hands the words on the command line to [`timeous::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    timeous::cli::main()
}
