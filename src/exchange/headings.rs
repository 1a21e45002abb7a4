//! Which line of a sheet names its columns, and what each heading means.

use super::grid::{Cell, Grid, GridLine};
use super::{HEADINGS_WITHIN, Mapping, SheetError};

/// The columns that are understood, by the names that a mapping uses; others are reported and passed over.
pub const COLUMNS: [&str; 25] = [
    "reference",
    "regime",
    "officer",
    "subject",
    "received",
    "posted",
    "acknowledged",
    "clarification_sought",
    "clarification_received",
    "fees_notice",
    "fee_paid",
    "extended",
    "extended_to",
    "responded",
    "response_received",
    "review_required",
    "review_outcome",
    "outcome_received",
    "applied",
    "decision",
    "compliance_by",
    "court_appeal",
    "closed",
    "withdrawn",
    "due",
];

/// What offices call the columns, without case, punctuation and spaces. A heading that might mean two things
/// ("Date completed", "Target date", "Extension date") is in none of them: only the office knows, and a mapping says it.
/// "Response date" is when the answer is due or was sent; "Decision date" is the authority's own or the Commissioner's; and
/// "Date posted" is when the request was sent or the answer was put into the disclosure log.
#[rustfmt::skip]
pub(super) const USUAL: [(&str, &[&str]); 23] = [
    ("reference", &[
        "ref", "refno", "refnumber", "referenceno", "referencenumber", "foiref", "foirefno", "foireference",
        "foireferencenumber", "foino", "foinumber", "eirref", "eirreference", "foieirref", "foieirreference", "caseref",
        "casereference", "casereferencenumber", "caseno", "casenumber", "caseid", "requestref", "requestreference",
        "requestno", "requestnumber", "requestid", "ourref", "ourreference", "logno", "lognumber", "uniqueref",
        "uniquereference", "uniquereferencenumber", "urn",
    ]),
    ("regime", &[
        "legislation", "law", "act", "foieir", "foioreir", "foisaeir", "foisaoreir", "eirfoi", "eirorfoi", "eirfoisa",
        "foisaeirs", "foieirs", "requesttype", "typeofrequest", "regimefoieir",
    ]),
    ("officer", &[
        "leadofficer", "foiofficer", "caseofficer", "caseowner", "owner", "assignedto", "assignedofficer", "assignee",
        "allocatedto", "allocatedofficer", "casehandler", "handler", "handledby", "handlingofficer", "responsibleofficer",
        "officerresponsible", "responsibleperson", "lead", "officername",
    ]),
    ("subject", &["subjectmatter", "topic", "subjectofrequest", "requestsubject"]),
    ("received", &[
        "datereceived", "receiveddate", "receivedon", "requestreceived", "daterequestreceived", "requestreceiveddate",
        "requestreceivedon", "daterequestwasreceived", "dateofreceipt", "receiptdate", "dateofrequest", "requestdate",
        "recd", "daterecd", "recddate", "datein",
    ]),
    ("posted", &["requestposted", "daterequestposted", "requestpostedon"]),
    ("acknowledged", &[
        "dateacknowledged", "acknowledgedon", "acknowledgedate", "acknowledgement", "acknowledgementsent",
        "acknowledgementdate", "dateofacknowledgement", "dateacknowledgementsent", "acknowledgment", "acknowledgmentsent",
        "acknowledgmentdate", "ack", "acksent", "ackdate", "dateack",
    ]),
    ("clarification_sought", &[
        "clarificationrequested", "clarificationasked", "clarificationrequest", "clarificationsent",
        "dateclarificationsought", "dateclarificationrequested", "clarificationsoughton", "clarificationrequestedon",
        "clarificationsoughtdate", "clarificationrequesteddate", "clarificationrequestdate", "dateclarificationsent",
    ]),
    ("clarification_received", &[
        "clarificationprovided", "clarificationresponse", "clarified", "dateclarified", "clarifiedon",
        "dateclarificationreceived", "clarificationreceivedon", "clarificationreceiveddate", "dateclarificationprovided",
    ]),
    ("fees_notice", &[
        "feenotice", "feesnoticeissued", "feenoticeissued", "feesnoticesent", "feenoticesent", "datefeesnotice",
        "datefeenotice", "feesnoticedate", "feenoticedate", "dateoffeesnotice", "datefeesnoticeissued",
        "datefeenoticeissued",
    ]),
    ("fee_paid", &["feespaid", "datefeepaid", "feepaidon", "feereceived", "datefeereceived", "paymentreceived"]),
    ("extended", &["dateextended", "extendedon", "extensionnotice", "extensionnoticesent", "extensionsent"]),
    ("extended_to", &[
        "extendeduntil", "extendedduedate", "extendeddeadline", "newduedate", "newdeadline", "revisedduedate",
        "reviseddeadline", "extensiondue",
    ]),
    ("responded", &[
        "dateresponded", "respondedon", "respondeddate", "daterespondedto", "dateofresponse",
        "responsesent", "responsesenton", "responsesentdate", "dateresponsesent", "responseissued", "responseissuedon",
        "dateresponseissued", "answered", "dateanswered", "answeredon", "answersent", "dateanswersent", "dateofanswer",
        "replied", "datereplied", "replysent", "datereplysent", "dateofreply",
    ]),
    ("review_required", &[
        "reviewrequested", "reviewrequest", "reviewrequestreceived", "reviewrequestdate", "reviewrequestedon",
        "reviewrequesteddate", "reviewreceived", "datereviewrequested", "datereviewreceived", "datereviewrequestreceived",
        "dateofreviewrequest", "requestforreview", "dateofrequestforreview", "requirementforreview",
        "internalreviewrequested", "internalreviewreceived", "dateinternalreviewrequested",
    ]),
    ("review_outcome", &[
        "reviewresponse", "reviewresponsesent", "reviewresponsedate", "reviewresponded", "reviewresponseissued",
        "reviewoutcomesent", "reviewoutcomedate", "reviewoutcomeissued", "reviewcompleted", "reviewanswered",
        "reviewdecisionsent", "datereviewresponse", "datereviewresponsesent", "datereviewcompleted",
        "dateofreviewresponse", "dateofreviewoutcome", "internalreviewresponse", "internalreviewoutcome",
        "internalreviewcompleted",
    ]),
    ("applied", &[
        "appliedtocommissioner", "applicationtocommissioner", "appealtocommissioner", "appealedtocommissioner",
        "sicappeal", "sicapplication", "osicappeal", "osicapplication", "appealtosic", "applicationtosic", "appealtoosic",
        "dateapplied",
    ]),
    ("decision", &["decisionnotice", "decisionnoticedate", "dateofdecisionnotice", "sicdecision"]),
    ("compliance_by", &["complianceduedate", "compliancedue", "compliancedate", "complywithby", "complyby"]),
    ("court_appeal", &["courtofsession", "appealtocourt"]),
    ("closed", &["dateclosed", "closedon", "closeddate", "caseclosed", "datecaseclosed", "closuredate", "dateofclosure"]),
    ("withdrawn", &["datewithdrawn", "withdrawnon", "withdrawndate", "requestwithdrawn"]),
    ("due", &[
        "duedate", "datedue", "dueon", "dueby", "responsedue", "responseduedate", "responsedueby", "responseduebydate",
        "dateresponsedue", "dateresponsedueby", "deadline", "deadlinedate", "responsedeadline", "foideadline", "replydue",
        "replydueby", "answerdue", "answerdueby", "statutorydeadline", "statutoryduedate", "legaldeadline",
        "20daydeadline", "20workingdaydeadline", "20workingdays", "20thworkingday", "twentyworkingdays",
    ]),
];

/// How much of a heading is looked at, in characters, and how many are quoted at once.
const LONGEST: usize = 255;
const QUOTED: usize = 20;

/// Headings that are not understood, under which the day of the answer may stand.
const PERHAPS_ANSWERED: [&str; 8] = [
    "responsedate",
    "replydate",
    "answerdate",
    "datecompleted",
    "completed",
    "completiondate",
    "completedon",
    "issued",
];

/// Whether the day of the answer may stand under a heading that is not understood.
pub(super) fn may_be_answered(heading: &str) -> bool {
    let before = heading.split(['(', '[']).next().unwrap_or_default();
    PERHAPS_ANSWERED.contains(&bare(before).as_str())
}

/// A heading without case, punctuation and spaces.
pub(super) fn bare(text: &str) -> String {
    let spelled = text.replace('&', "and");
    spelled
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a heading means by itself; first as it stands, then without what it has in brackets.
pub(super) fn meaning(heading: &str) -> Option<usize> {
    let usual = |bare: &str| {
        let name = USUAL
            .iter()
            .find(|(_, words)| words.contains(&bare))
            .map(|(name, _)| *name);
        // A column's own name is bare but for what parts its words.
        let own = |column: &str| column.bytes().filter(|byte| *byte != b'_').eq(bare.bytes());
        COLUMNS.iter().position(|column| own(column) || name == Some(column))
    };
    usual(&bare(heading)).or_else(|| {
        let (before, rest) = heading.split_once(['(', '['])?;
        let after = rest.split_once([')', ']']).map_or("", |(_, after)| after);
        usual(&bare(&format!("{before}{after}")))
    })
}

/// Where the columns of a sheet are.
#[derive(Debug, Clone)]
pub(super) struct Headings {
    /// The line that names them: its place in the grid, and its number.
    pub(super) at: usize,
    pub(super) number: u64,
    /// For each of [`COLUMNS`], where it is and what it is called.
    pub(super) places: [Option<(usize, String)>; COLUMNS.len()],
    /// Headings that are not understood.
    pub(super) ignored: Vec<String>,
}

impl Headings {
    /// Whether nothing can be done without what is missing here, and what that is.
    fn missing(&self) -> Option<&'static str> {
        let has = |column: &str| {
            COLUMNS
                .iter()
                .position(|one| *one == column)
                .is_some_and(|i| self.places[i].is_some())
        };
        match (has("reference"), has("received") || has("posted")) {
            (false, _) => Some("reference"),
            (_, false) => Some("received"),
            _ => None,
        }
    }

    /// The columns that there are.
    pub(super) fn columns(&self) -> impl Iterator<Item = &'static str> {
        let places = self.places.iter().zip(COLUMNS);
        places.filter_map(|(place, column)| place.as_ref().map(|_| column))
    }

    fn found(&self) -> usize {
        self.places.iter().flatten().count()
    }
}

/// Finds the line with the headings: the one that the mapping names, else the first that has what is needed.
///
/// # Errors
/// If there is none, or two of its headings mean the same.
pub(super) fn find(grid: &Grid, map: &Mapping) -> Result<Headings, SheetError> {
    let named = |line: &GridLine| map.heading_line.is_none_or(|number| line.number == number);
    let limit = if map.heading_line.is_some() {
        usize::MAX
    } else {
        HEADINGS_WITHIN
    };
    let mut nearest: Option<Headings> = None;
    for (at, line) in grid
        .lines
        .iter()
        .enumerate()
        .take(limit)
        .filter(|(_, line)| named(line))
    {
        let (headings, twice) = read(at, line, map);
        if headings.missing().is_none() {
            if let Some(twice) = twice {
                return Err(twice);
            }
            let absent = map
                .headings()
                .find(|heading| !line.cells.iter().any(|cell| bare(&cell.shown()) == bare(heading)));
            return match absent {
                Some(heading) => Err(SheetError::NoHeading(heading.to_owned())),
                None => Ok(headings),
            };
        }
        if nearest.as_ref().is_none_or(|best| best.found() < headings.found()) {
            nearest = Some(headings);
        }
    }
    Err(missing(nearest.as_ref(), map))
}

fn missing(nearest: Option<&Headings>, map: &Mapping) -> SheetError {
    let column = nearest.and_then(Headings::missing).unwrap_or("reference");
    let called = "say in a mapping file (--map) which heading it is: [columns] \"Heading\" = ";
    let hint = match (nearest, map.heading_line) {
        (None, Some(number)) => format!("there is nothing in line {number}, which the mapping names as the headings"),
        (Some(headings), _) if headings.found() > 0 => format!(
            "line {} names {}; {called}\"{column}\"",
            headings.number,
            headings.named().join(", ")
        ),
        (_, Some(number)) => format!("line {number} names none that is understood; {called}\"{column}\""),
        _ => format!(
            "none of its first {HEADINGS_WITHIN} lines names columns that are understood; one line must name them \
             (Reference, Date received ...), or {called}\"{column}\""
        ),
    };
    SheetError::Missing { column, hint }
}

impl Headings {
    /// The headings that are understood, and those that are not.
    fn named(&self) -> Vec<String> {
        let understood = self.places.iter().flatten().map(|(_, heading)| heading);
        understood
            .chain(&self.ignored)
            .take(QUOTED)
            .map(|heading| format!("{heading:?}"))
            .collect()
    }
}

/// Reads a line as headings. What the mapping says of one wins over what another means by itself.
pub(super) fn read(at: usize, line: &GridLine, map: &Mapping) -> (Headings, Option<SheetError>) {
    let mut headings = Headings {
        at,
        number: line.number,
        places: std::array::from_fn(|_| None),
        ignored: Vec::new(),
    };
    let mut twice = None;
    let words: Vec<(usize, String)> = line.cells.iter().enumerate().filter_map(heading).collect();
    for mapped in [true, false] {
        for (place, heading) in &words {
            let said = map.column(heading);
            let column = match said {
                Some(_) if !mapped => continue,
                None if mapped => continue,
                Some("ignore") => continue,
                Some(name) => COLUMNS.iter().position(|column| *column == name),
                None => meaning(heading),
            };
            let Some(column) = column else {
                headings.ignored.push(heading.clone());
                continue;
            };
            match &headings.places[column] {
                None => headings.places[column] = Some((*place, heading.clone())),
                Some((_, first)) if !mapped && map.column(first).is_some() => headings.ignored.push(heading.clone()),
                Some((_, first)) => {
                    twice.get_or_insert(SheetError::Twice {
                        column: COLUMNS[column],
                        first: first.clone(),
                        second: heading.clone(),
                    });
                }
            }
        }
    }
    (headings, twice)
}

fn heading((place, cell): (usize, &Cell)) -> Option<(usize, String)> {
    let text = cell.shown().split_whitespace().collect::<Vec<_>>().join(" ");
    // What is longer names no column, but would be quoted.
    let text: String = text.chars().take(LONGEST).collect();
    (!text.is_empty()).then_some((place, text))
}
