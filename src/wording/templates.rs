//! The templates of the mails and letters: those compiled in, and an authority's own, which win file by file.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use super::Words;
use super::letters::{Letter, LetterView};
use super::notice::NoticeView;
use super::plain::{columns, one_line, wrap};
use super::view::View;
use crate::files;

/// The columns of a text mail (RFC 5322, 2.1.1).
const WIDTH: usize = 78;

/// Longer subjects are cut: mail readers show less anyway.
const SUBJECT: usize = 150;

const BUILT_IN: [(&str, &str); 9] = [
    ("digest/subject", include_str!("templates/digest/subject")),
    ("digest/text", include_str!("templates/digest/text")),
    ("digest/html", include_str!("templates/digest/html")),
    ("notice/subject", include_str!("templates/notice/subject")),
    ("notice/text", include_str!("templates/notice/text")),
    ("notice/html", include_str!("templates/notice/html")),
    ("letter/ack", include_str!("templates/letter/ack")),
    ("letter/answer", include_str!("templates/letter/answer")),
    ("letter/review", include_str!("templates/letter/review")),
];

/// Why a mail or a letter could not be worded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder of templates cannot be used.
    #[error("templates folder {folder}: {why}")]
    Folder {
        /// The folder.
        folder: String,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// A template cannot be compiled or filled.
    #[error("template {template}, line {line}: {what}; mend it, or remove the file to have the built-in one")]
    Template {
        /// The file, or the name of a built-in one.
        template: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// A letter has no date to tell.
    #[error("{0}")]
    Letter(String),
}

/// The compiled templates.
#[derive(Debug)]
pub(super) struct Templates {
    environment: Environment<'static>,
    /// Where each template that is not built in was read from.
    files: BTreeMap<&'static str, String>,
}

impl Templates {
    /// Compiles the templates and fills each once.
    pub(super) fn load(folder: Option<&Path>) -> Result<Self, Error> {
        let mut templates = Self {
            environment: environment(),
            files: BTreeMap::new(),
        };
        let own = folder.map_or(Ok(BTreeMap::new()), read)?;
        for (name, built_in) in BUILT_IN {
            let source = match own.get(name) {
                Some((file, source)) => {
                    templates.files.insert(name, file.clone());
                    source.clone()
                }
                None => built_in.to_owned(),
            };
            let added = templates.environment.add_template_owned(name, source);
            added.map_err(|error| templates.error(name, &error))?;
        }
        for sample in View::samples() {
            templates.try_out("digest", &sample.subject(), &sample.body())?;
        }
        for sample in NoticeView::samples() {
            templates.try_out("notice", &sample.subject(), &sample.body())?;
        }
        for sample in LetterView::samples() {
            for letter in Letter::ALL {
                templates.letter(letter.template(), &sample)?;
            }
        }
        Ok(templates)
    }

    /// Fills the template of a letter.
    pub(super) fn letter(&self, name: &'static str, view: &LetterView) -> Result<String, Error> {
        let text = self.environment.get_template(name);
        let text = text
            .and_then(|template| template.render(view.value()))
            .map_err(|error| self.error(name, &error))?;
        Ok(format!("{}\n", text.trim()))
    }

    /// Fills the templates of a kind of mail.
    pub(super) fn fill(&self, mail: &str, subject: &Value, body: &Value) -> Result<Words, Error> {
        Ok(Words {
            subject: one_line(&self.render(&format!("{mail}/subject"), subject)?)
                .chars()
                .take(SUBJECT)
                .collect(),
            text: self.render(&format!("{mail}/text"), body)?,
            html: self.render(&format!("{mail}/html"), body)?,
        })
    }

    /// As [`Self::fill`], and a subject must be one line by itself.
    fn try_out(&self, mail: &str, subject: &Value, body: &Value) -> Result<(), Error> {
        let name = format!("{mail}/subject");
        let rendered = self.render(&name, subject)?;
        let lines = rendered.trim().lines().count();
        if lines != 1 {
            return Err(Error::Template {
                template: self.place(&name),
                line: lines.max(1),
                what: format!("a subject must be one line, and this makes {lines}"),
            });
        }
        self.fill(mail, subject, body).map(|_| ())
    }

    fn render(&self, name: &str, value: &Value) -> Result<String, Error> {
        self.environment
            .get_template(name)
            .and_then(|template| template.render(value))
            .map_err(|error| self.error(name, &error))
    }

    /// The file a template was read from, or that it is built in.
    fn place(&self, name: &str) -> String {
        let file = self.files.get(name).cloned();
        file.unwrap_or_else(|| format!("{name} (built in)"))
    }

    fn error(&self, name: &str, error: &minijinja::Error) -> Error {
        let part = error.range().zip(error.template_source());
        let part = part.and_then(|(range, source)| source.get(range)).map(one_line);
        let more = error
            .detail()
            .map(one_line)
            .or_else(|| part.map(|part| format!("{part:?}")));
        let what = more.map_or(error.kind().to_string(), |more| format!("{}: {more}", error.kind()));
        Error::Template {
            template: self.place(error.name().unwrap_or(name)),
            line: error.line().unwrap_or(1),
            what,
        }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    let tidy = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(tidy.unwrap_or_default());
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    environment.set_auto_escape_callback(|name| {
        if name.ends_with("/html") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    environment.add_filter("wrap", |text: String, first: Option<String>, rest: Option<String>| {
        let first = first.unwrap_or_default();
        let rest = rest.unwrap_or_else(|| first.clone());
        wrap(&text, WIDTH, &first, &rest)
    });
    environment.add_filter("beside", |line: String, lead: String, indent: String| {
        beside(&line, &lead, &indent)
    });
    environment
}

/// A line to copy behind what it is for, or below it where the two do not fit on one line.
fn beside(line: &str, lead: &str, indent: &str) -> String {
    let together = format!("{indent}{lead}  {line}");
    if columns(&together) <= WIDTH {
        together
    } else {
        format!("{}\n{indent}  {line}", wrap(lead, WIDTH, indent, indent))
    }
}

type Files = BTreeMap<&'static str, (String, String)>;

/// The templates that a folder has.
fn read(folder: &Path) -> Result<Files, Error> {
    let wrong = |why: String| Error::Folder {
        folder: folder.display().to_string(),
        why,
    };
    let mut files = Files::new();
    for (name, _) in BUILT_IN {
        let file = folder.join(name);
        match files::text(&file) {
            Ok(source) => {
                files.insert(name, (file.display().to_string(), source));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(wrong(format!(
                    "{name} cannot be read ({error}); make it a readable text file"
                )));
            }
        }
    }
    if files.is_empty() {
        // Most likely a misspelt name, and then the authority's words would silently not be used.
        let names = BUILT_IN.map(|(name, _)| name).join(", ");
        return Err(wrong(format!(
            "holds none of {names}; put one there, or take the setting out"
        )));
    }
    Ok(files)
}
