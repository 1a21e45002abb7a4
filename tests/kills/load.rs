//! The running service killed at random moments, while mails are in hand and officers record.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::dice::Dice;
use crate::held::{Tally, resent, settled, tellings};
use crate::support::https::{Answer, Web};
use crate::support::office::{Office, Ran};
use crate::support::smtp::{At, Do, Script, Server};

/// How often one register's service is killed.
const KILLS: usize = 10;

/// How many officers record at the same time.
const WRITERS: u64 = 3;

/// When they do.
const AT: &str = "2022-03-04 08:30:00";

/// So many kills, on as many registers as that takes.
pub(crate) fn lives(kills: usize, seed: u64) -> (Tally, Vec<String>) {
    let next = AtomicU64::new(0);
    let come_to = Mutex::new((Tally::default(), Vec::new()));
    let registers = u64::try_from(kills.div_ceil(KILLS)).unwrap();
    crate::everywhere(|| {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= registers {
                return;
            }
            let (tally, found) = life(seed.wrapping_add(number));
            let mut come_to = come_to.lock().unwrap();
            come_to.0.add(tally);
            let named = found
                .into_iter()
                .map(|fault| format!("load of seed {}: {fault}", seed + number));
            come_to.1.extend(named);
        }
    });
    come_to.into_inner().unwrap()
}

/// Everything that the service does of itself: three sessions, a list and a sheet to look at, a calendar to write, a
/// monitor to tell.
fn office(server: &Server, web: &Web) -> Office {
    let office = Office::in_memory();
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    let (port, feed) = (server.port(), web.url("127.0.0.1", "/list"));
    office.configure(&format!(
        "{config}transport = \"smtp\"\n\
         [mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nsessions = 3\n\
         [sheet]\npath = \"foi.csv\"\nowner = \"bjones\"\n[calendar]\nfeed_check = true\nfeed_url = \"{feed}\"\n\
         [watch]\nadmins = [\"cbrown\"]\nics = \"foi.ics\"\nheartbeat = {{ file = \"heartbeat.url\" }}\n"
    ));
    office.secret("heartbeat.url", &web.url("127.0.0.1", "/ping"));
    let sheet = "reference,received,officer\nS-1,2022-02-04,bjones\nS-2,2022-02-04,cbrown\n";
    std::fs::write(office.path("foi.csv"), sheet).unwrap();
    office
}

/// What the writers were told is on record: each case with its officer, each note with its words.
#[derive(Default)]
struct Acknowledged {
    cases: BTreeMap<String, &'static str>,
    notes: Vec<String>,
}

fn life(seed: u64) -> (Tally, Vec<String>) {
    let list = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/holidays/scotland.json")).unwrap();
    let web = Web::plain(move |request| match request.starts_with("GET /list") {
        true => Answer::page(200, &list),
        false => Answer::page(200, "OK"),
    });
    // It thinks for a moment about each mail, so that one is in hand most of the time.
    let thinks = Do::Late(Duration::from_millis(15), 250, "2.0.0 taken".to_owned());
    let slow = (0..200).fold(Script::new(), |script, _| script.at(At::Dot, thinks.clone()));
    let server = Server::build().rest(slow).start();
    let office = office(&server, &web);
    let (over, noted, faults) = (AtomicBool::new(false), Mutex::default(), Mutex::default());
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (office, over, noted, faults) = (&office, &over, &noted, &faults);
            let dice = Dice(seed.wrapping_mul(WRITERS).wrapping_add(writer));
            scope.spawn(move || write(office, writer, dice, over, noted, faults));
        }
        let mut dice = Dice(!seed);
        for kill in 0..KILLS {
            // Its clock stands at the beginning of another few minutes, so that a minute's end is rare.
            let service = office.service(Some(&format!("2022-03-04 08:{}:00", 31 + 2 * kill)));
            // On a busy machine its start alone may take longer than that.
            if dice.roll(4) > 0 {
                service.wait_for("READY=1");
            }
            std::thread::sleep(Duration::from_millis(dice.roll(300)));
            service.kill();
            tally.kills += 1;
            let verified = office.run_at(AT, &["verify"]);
            let calendar = std::fs::read_to_string(office.path("foi.ics")).unwrap_or_default();
            let whole = calendar.is_empty() || calendar.ends_with("END:VCALENDAR\r\n");
            if verified.code != Some(0) || !whole {
                tally.unsound += 1;
                faults
                    .lock()
                    .unwrap()
                    .push(format!("kill {kill}: {}{}", verified.out, verified.err));
            }
        }
        over.store(true, Ordering::Relaxed);
    });
    let mut faults = faults.into_inner().unwrap();
    let noted = noted.into_inner().unwrap();
    if let Err(fault) = held(&office, &server, &noted, &mut tally, &mut faults) {
        tally.unsound += 1;
        faults.push(fault);
    }
    (tally, faults)
}

/// One officer after the other records something, until it is over; now and then one's terminal is closed meanwhile.
fn write(
    office: &Office,
    writer: u64,
    mut dice: Dice,
    over: &AtomicBool,
    noted: &Mutex<Acknowledged>,
    faults: &Mutex<Vec<String>>,
) {
    let mut own: Vec<String> = Vec::new();
    for n in 0.. {
        if over.load(Ordering::Relaxed) {
            return;
        }
        let officer = if dice.roll(2) == 0 { "bjones" } else { "cbrown" };
        let patience = (dice.roll(8) == 0).then(|| Duration::from_millis(dice.roll(40)));
        let type_in = |words: &[&str]| match patience {
            Some(patience) => office.killed_at(AT, words, patience),
            None => office.run_at(AT, words),
        };
        let note_on = (dice.roll(3) == 0)
            .then(|| own.get(usize::try_from(dice.roll(n + 1)).unwrap()))
            .flatten();
        let ran = match note_on {
            Some(reference) => {
                let words = format!("note {n} of writer {writer}");
                let ran = type_in(&["record", reference, "note", "--on", "2022-03-04", "--note", &words]);
                if ran.code == Some(0) {
                    noted.lock().unwrap().notes.push(words);
                }
                ran
            }
            None => {
                let reference = format!("W{writer}-{n}");
                let ran = type_in(&["log", &reference, "--received", "2022-02-04", "--officer", officer]);
                if ran.code == Some(0) {
                    noted.lock().unwrap().cases.insert(reference.clone(), officer);
                    own.push(reference);
                }
                ran
            }
        };
        if let Ran {
            code: Some(1..), err, ..
        } = &ran
        {
            faults.lock().unwrap().push(format!("an officer was told: {err}"));
        }
    }
}

/// Lets what waits be sent, and looks whether everybody was told of everything once.
fn held(
    office: &Office,
    server: &Server,
    noted: &Acknowledged,
    tally: &mut Tally,
    faults: &mut Vec<String>,
) -> Result<(), String> {
    for at in ["2022-03-04 09:00:00", "2022-03-04 09:05:00", "2022-03-04 09:10:00"] {
        let ran = office.run_at(at, &["run", "--once"]);
        if ran.code != Some(0) {
            return Err(format!("a later round: {}", ran.err));
        }
    }
    let verified = office.run_at("2022-03-04 09:15:00", &["verify"]);
    if verified.code != Some(0) {
        return Err(format!("verify says: {}{}", verified.out, verified.err));
    }
    settled(office)?;
    match resent(office, server) {
        Ok(again) => tally.again += again,
        Err(fault) => {
            tally.twice += 1;
            faults.push(fault);
        }
    }
    let mut lost = |what: &str| {
        tally.lost += 1;
        faults.push(what.to_owned());
    };
    for reference in noted.cases.keys() {
        let there = office.count(&format!(
            "select count(*) from entry where reference = '{reference}' and seq = 1"
        ));
        if there != 1 {
            lost(&format!("{reference} was acknowledged and is there {there} times"));
        }
    }
    for words in &noted.notes {
        let there = office.count(&format!("select count(*) from entry where body like '%\"{words}\"%'"));
        if there != 1 {
            lost(&format!("{words:?} was acknowledged and is there {there} times"));
        }
    }
    let told = tellings(server);
    for (reference, to) in cases(office) {
        let about = (format!("{to}@example.gov.uk"), format!("{reference} - answer due"));
        let times = told.get(&about).copied().unwrap_or(0);
        tally.lost += usize::from(times == 0);
        tally.twice += times.saturating_sub(1);
        if times != 1 {
            faults.push(format!("{reference} was told to {to} {times} times"));
        }
    }
    Ok(())
}

/// Every case in the register with its officer.
fn cases(office: &Office) -> Vec<(String, String)> {
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    let mut cases = register.prepare("select reference, officer from cases").unwrap();
    let rows = cases.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}
