//! `timeous completions` and `timeous man`: what a shell and a reader are given, from the same source as the help.

use std::io;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::args::Args;
use super::{Error, Result, Said};
use crate::config::SYSTEM_FILE;
use crate::wording::plural;

pub(super) fn completions(shell: Shell) -> Said {
    let mut written = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "timeous", &mut written);
    Said::well(String::from_utf8_lossy(&written))
}

pub(super) fn man(dir: &Path) -> Result {
    let failed = |error: io::Error| {
        let why = match error.kind() {
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "it is no folder".to_owned(),
            _ => error.to_string(),
        };
        Error::Failed(format!(
            "the man pages cannot be written into {}: {why}; name a folder that you may write",
            dir.display()
        ))
    };
    std::fs::create_dir_all(dir).map_err(failed)?;
    let mut whole = Args::command().disable_help_subcommand(true);
    whole.build();
    let mut count = 0;
    write_pages(&whole, "", dir, &mut count).map_err(failed)?;
    Ok(Said::well(format!(
        "{} written into {}\n",
        plural(count, "page"),
        dir.display()
    )))
}

/// The page of a command, then those of the commands beneath it.
fn write_pages(command: &Command, above: &str, dir: &Path, count: &mut i64) -> io::Result<()> {
    // Without a date: the same program writes the same pages, whenever it is asked.
    let page = Man::new(command.clone())
        .source(concat!("timeous ", env!("CARGO_PKG_VERSION")))
        .manual("Timeous");
    let mut text = Vec::new();
    render(&page, command, above, &mut text)?;
    std::fs::write(dir.join(page.get_filename()), text)?;
    *count += 1;
    let name = command.get_display_name().unwrap_or("timeous");
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        write_pages(inner, name, dir, count)?;
    }
    Ok(())
}

fn render(page: &Man, command: &Command, above: &str, to: &mut Vec<u8>) -> io::Result<()> {
    page.render_title(to)?;
    page.render_name_section(to)?;
    page.render_synopsis_section(to)?;
    page.render_description_section(to)?;
    page.render_options_section(to)?;
    if command.has_subcommands() {
        page.render_subcommands_section(to)?;
    }
    let mut more = Roff::new();
    let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    examples_section(&mut more, &examples);
    match above {
        "" => about_the_program(&mut more),
        above => {
            more.control("SH", ["SEE ALSO"]);
            more.text([roman(format!("{above}(1)"))]);
        }
    }
    more.to_writer(to)
}

/// What stands under the help, line by line as it is typed.
fn examples_section(page: &mut Roff, examples: &str) {
    page.control("SH", ["EXAMPLES"]);
    page.control("nf", []);
    for line in examples.lines().skip_while(|line| !line.starts_with(' ')) {
        page.text([roman(line)]);
    }
    page.control("fi", []);
}

fn about_the_program(page: &mut Roff) {
    let mut section = |heading: &str, paragraphs: &[(&str, &str)]| {
        page.control("SH", [heading]);
        for (what, about) in paragraphs {
            page.control("TP", []);
            page.text([roman(*what)]);
            page.text([roman(*about)]);
        }
    };
    section(
        "EXIT STATUS",
        &[
            ("0", "Done."),
            (
                "1",
                "Something failed, or something is wrong with what was to be looked at.",
            ),
            (
                "2",
                "What was typed or fed in cannot be; the reason is one line on stderr.",
            ),
            (
                "0 to 3",
                "For status --check: all well, something soon, overdue or nobody watches, unreadable.",
            ),
        ],
    );
    section(
        "FILES",
        &[
            (
                SYSTEM_FILE,
                "The configuration, where neither --config nor TIMEOUS_CONFIG names another.",
            ),
            ("/var/lib/timeous/register.db", "The register, as that file is shipped."),
        ],
    );
    section(
        "ENVIRONMENT",
        &[
            ("TIMEOUS_CONFIG", "The configuration, in place of --config."),
            (
                "TIMEOUS_LOG",
                "How much the service logs: error, warn, info or debug; info without it.",
            ),
            ("NO_COLOR", "Set, it keeps colour from the terminal."),
        ],
    );
}
