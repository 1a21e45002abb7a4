//! What the templates of a digest are filled with.

use minijinja::context;
use minijinja::value::Value;

/// How soon a case needs its officer; the template's colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Past the due date, or past the safe one.
    Overdue,
    /// To be done today.
    Today,
    /// To be done later.
    Soon,
}

impl Urgency {
    fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Soon => "soon",
        }
    }
}

/// One paragraph of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Sentences about this case.
    Said(String),
    /// A rule that is the same for every case of its kind; said once a mail.
    Rule(&'static str),
    /// A line to copy, and what it is for. Never broken.
    Command { lead: String, line: String },
}

/// One case to act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CaseView {
    pub(super) reference: String,
    pub(super) headline: String,
    pub(super) urgency: Urgency,
    pub(super) parts: Vec<Part>,
}

/// One right of an applicant that ends or has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ClosingView {
    pub(super) reference: String,
    pub(super) said: String,
}

/// One person's mail of one morning, in sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct View {
    pub(super) authority: String,
    pub(super) contact: Option<String>,
    pub(super) reader: String,
    /// How many cases, and how bad it is.
    pub(super) opening: String,
    /// The numbers of the subject: `1 overdue, 2 today`.
    pub(super) tally: String,
    /// The reference the subject names.
    pub(super) first: String,
    pub(super) cases: Vec<CaseView>,
    pub(super) closing: Vec<ClosingView>,
    /// The officers' own sheet, where the service reads one.
    pub(super) sheet: Option<String>,
    /// What was taken from the officers' own sheet.
    pub(super) taken: Vec<ClosingView>,
}

impl View {
    /// What the subject is filled with: nothing that anybody typed freely.
    pub(super) fn subject(&self) -> Value {
        context! {
            tally => &self.tally,
            first => &self.first,
            authority => &self.authority,
        }
    }

    /// What the text and the HTML are filled with.
    pub(super) fn body(&self) -> Value {
        let cases: Vec<Value> = self.cases.iter().map(CaseView::value).collect();
        let closing: Vec<Value> = self.closing.iter().map(ClosingView::value).collect();
        let taken: Vec<Value> = self.taken.iter().map(ClosingView::value).collect();
        context! {
            tally => &self.tally,
            first => &self.first,
            authority => &self.authority,
            contact => self.contact.clone(),
            reader => &self.reader,
            opening => &self.opening,
            cases => cases,
            closing => closing,
            taken => taken,
            sheet => self.sheet.clone(),
        }
    }

    /// Mails with everything in them that a template may have to deal with, to try templates on.
    pub(super) fn samples() -> Vec<Self> {
        let case = |urgency| CaseView {
            reference: "FOI-1".to_owned(),
            headline: "answer due TODAY".to_owned(),
            urgency,
            parts: vec![
                Part::Said("A sentence.".to_owned()),
                Part::Command {
                    lead: "When it has gone:".to_owned(),
                    line: "timeous record FOI-1 responded --on DATE".to_owned(),
                },
            ],
        };
        let taken = ClosingView {
            reference: "FOI-3".to_owned(),
            said: "answered Thursday 5 November".to_owned(),
        };
        let closing = ClosingView {
            reference: "FOI-2".to_owned(),
            said: "the applicant may require a review until Monday".to_owned(),
        };
        let full = Self {
            authority: "Example Council".to_owned(),
            contact: Some("foi@example.gov.uk".to_owned()),
            reader: "B Jones".to_owned(),
            opening: "Three cases need you.".to_owned(),
            tally: "1 overdue, 1 today, 1 soon".to_owned(),
            first: "FOI-1".to_owned(),
            cases: [Urgency::Overdue, Urgency::Today, Urgency::Soon].map(case).into(),
            closing: vec![closing],
            taken: vec![taken],
            sheet: Some("foi.xlsx".to_owned()),
        };
        let only_cases = Self {
            contact: None,
            closing: Vec::new(),
            taken: Vec::new(),
            sheet: None,
            ..full.clone()
        };
        let only_closing = Self {
            cases: Vec::new(),
            ..full.clone()
        };
        vec![full, only_cases, only_closing]
    }
}

impl CaseView {
    fn value(&self) -> Value {
        let parts: Vec<Value> = self.parts.iter().map(Part::value).collect();
        context! {
            reference => &self.reference,
            headline => &self.headline,
            urgency => self.urgency.as_str(),
            parts => parts,
        }
    }
}

impl ClosingView {
    fn value(&self) -> Value {
        context! { reference => &self.reference, said => &self.said }
    }
}

impl Part {
    /// Each has all three names, so that a template may ask for any of them.
    fn value(&self) -> Value {
        let (said, lead, command) = match self {
            Self::Said(said) => (Some(said.as_str()), None, None),
            Self::Rule(rule) => (Some(*rule), None, None),
            Self::Command { lead, line } => (None, Some(lead), Some(line)),
        };
        context! { said => said, lead => lead, command => command }
    }
}
