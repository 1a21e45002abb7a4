//! `timeous verify`: is the register what this program wrote?

use std::fmt::Write as _;

use serde_json::json;

use super::{Context, Result, Said, with_adopted};
use crate::casework::verify::{self as check, Head, Verdict};
use crate::store::Sqlite;
use crate::wording::{one_line, plural};

pub(super) fn verify(context: &Context, noted: Option<&Head>, json: bool) -> Result {
    let config = context.config()?;
    let path = config.register.display().to_string();
    let register = Sqlite::open_to_look(&config.register)?;
    // Days that cannot be read are for the verdict to name, not a reason to give none.
    let rules = match with_adopted(config, &register) {
        Ok(config) => config.rules,
        Err(_) => context.config()?.rules,
    };
    let verdict = check::verify(&register, &rules, noted, context.now())?;
    let mut said = match json {
        true => Said::json(&as_json(&verdict)),
        false => Said::well(as_text(&verdict, noted.is_some())),
    };
    if !verdict.is_well() {
        said.code = 1;
        let things = things(&verdict);
        said.complaints.push(match verdict.is_whole() {
            true => format!("{path} is whole, but {things}; settle what is named"),
            false => format!(
                "{path} is not as this program left it ({things}); keep a copy of the file as it is, and look at what \
                 is named"
            ),
        });
    }
    Ok(said)
}

/// `1 thing is wrong`.
pub(super) fn things(verdict: &Verdict) -> String {
    match verdict.findings.len() + verdict.more {
        1 => "1 thing is wrong".to_owned(),
        n => format!("{n} things are wrong"),
    }
}

fn as_text(verdict: &Verdict, held: bool) -> String {
    let mut text = String::new();
    for finding in &verdict.findings {
        let _ = writeln!(text, "wrong: {}", one_line(&finding.to_string()));
    }
    if verdict.more > 0 {
        let _ = writeln!(text, "wrong: {} more", verdict.more);
    }
    if let Some(why) = &verdict.not_compared {
        let _ = writeln!(text, "note: {why}");
    }
    if !verdict.is_well() {
        return text;
    }
    let count = |count: u32, noun: &str, many: &str| match count {
        1 => format!("1 {noun}"),
        n => format!("{n} {many}"),
    };
    let purged = match verdict.purged {
        0 => String::new(),
        n => format!(", the words of {n} of them purged"),
    };
    let dates = match &verdict.not_compared {
        None => ", and every stored date follows from them",
        Some(_) => "",
    };
    let _ = writeln!(
        text,
        "{} of {}{purged}: the chain is whole{dates}",
        count(verdict.entries, "entry", "entries"),
        plural(i64::from(verdict.cases), "case"),
    );
    let advice = match held {
        true => "the noted head is in the chain",
        false => "note it elsewhere; verify --head holds the register against it",
    };
    let _ = writeln!(text, "head {} ({advice})", verdict.head);
    text
}

fn as_json(verdict: &Verdict) -> serde_json::Value {
    let findings: Vec<_> = verdict
        .findings
        .iter()
        .map(|finding| json!({ "where": finding.place, "what": finding.what, "remedy": finding.remedy }))
        .collect();
    json!({
        "well": verdict.is_well(),
        "whole": verdict.is_whole(),
        "entries": verdict.entries,
        "purged": verdict.purged,
        "cases": verdict.cases,
        "at_rest": verdict.at_rest,
        "head": verdict.head.to_string(),
        "compared": verdict.not_compared.is_none(),
        "note": verdict.not_compared,
        "findings": findings,
        "more": verdict.more,
    })
}
