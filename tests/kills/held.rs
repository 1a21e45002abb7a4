//! What has to be so after a kill and a restart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::scenes::{Life, Scene};
use crate::support::office::{Office, Ran, header, plain_text};
use crate::support::smtp::{Received, Server};

/// What came of some kills.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) kills: usize,
    /// Reminders that nobody was told, and entries that were acknowledged and are not there.
    pub(crate) lost: usize,
    /// Reminders told twice, but for what the next says.
    pub(crate) twice: usize,
    /// Mails that came twice under one Message-ID, the first attempt being on record as unknown.
    pub(crate) again: usize,
    /// Registers that did not verify, or said something else than an undisturbed one.
    pub(crate) unsound: usize,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Tally) {
        self.kills += other.kills;
        self.lost += other.lost;
        self.twice += other.twice;
        self.again += other.again;
        self.unsound += other.unsound;
    }
}

/// Who is told of what: the mailbox, and a case with the first words about it.
type Telling = (String, String);

/// What an undisturbed run leaves.
pub(crate) struct Undisturbed {
    told: BTreeMap<Telling, usize>,
    /// The chain's head before the command, after it and in the end.
    before: Option<String>,
    done: Option<String>,
    end: Option<String>,
    /// The files at the same moments.
    files: [BTreeMap<String, Vec<u8>>; 3],
}

impl Undisturbed {
    pub(crate) fn of(scene: &Scene) -> Undisturbed {
        let life = scene.live();
        let head = || scene.head(&life, "register.db").unwrap();
        let (before, files_before) = (head(), files(&life.office));
        scene.act(&life).unwrap();
        let (done, files_done) = (head(), files(&life.office));
        scene.go_on(&life).unwrap();
        let resent = resent(&life.office, &life.server).unwrap();
        assert_eq!(resent, 0, "{}", scene.name);
        Undisturbed {
            told: tellings(&life.server),
            before,
            done,
            end: head(),
            files: [files_before, files_done, files(&life.office)],
        }
    }

    /// Lets a killed life go on to its end, and holds it against this.
    pub(crate) fn hold(&self, scene: &Scene, life: &Life, killed: &Ran) -> (Tally, Vec<String>) {
        let mut tally = Tally {
            kills: 1,
            ..Tally::default()
        };
        let mut faults = Vec::new();
        if let Err(fault) = self.after_the_kill(scene, life, killed, &mut tally) {
            tally.unsound += 1;
            faults.push(fault);
            return (tally, faults);
        }
        match self.in_the_end(scene, life) {
            Ok(()) => {}
            Err(fault) => {
                tally.unsound += 1;
                faults.push(fault);
            }
        }
        match resent(&life.office, &life.server) {
            Ok(again) => tally.again += again,
            Err(fault) => {
                tally.twice += 1;
                faults.push(fault);
            }
        }
        let told = tellings(&life.server);
        let all: BTreeSet<&Telling> = self.told.keys().chain(told.keys()).collect();
        for telling in all {
            let (should, is) = [&self.told, &told]
                .map(|map| map.get(telling).copied().unwrap_or(0))
                .into();
            tally.lost += should.saturating_sub(is);
            tally.twice += is.saturating_sub(should);
            if should != is {
                faults.push(format!("{telling:?} was told {is} times instead of {should}"));
            }
        }
        (tally, faults)
    }

    /// What the kill left is whole; then the same command again, and the service goes on.
    fn after_the_kill(&self, scene: &Scene, life: &Life, killed: &Ran, tally: &mut Tally) -> Result<(), String> {
        for (name, bytes) in files(&life.office) {
            if !self.files.iter().any(|files| files.get(&name) == Some(&bytes)) {
                return Err(format!("{name} is neither the old nor the new"));
            }
        }
        if let Some(copy) = scene.backup {
            scene.head(life, copy)?;
        }
        let head = scene.head(life, "register.db")?;
        let done = head == self.done && scene.backup.is_none_or(|copy| life.office.path(copy).exists());
        if !killed.out.is_empty() && !done {
            tally.lost += 1;
            return Err(format!("what was acknowledged is not there: {}", killed.out));
        }
        if scene.once_only && head != self.before && !done {
            return Err(format!("neither before nor after the command: {head:?}"));
        }
        // An entry that is there is not recorded again, and a copy that is there is not written over.
        if !(done && (scene.once_only || scene.backup.is_some())) {
            scene.act(life)?;
        }
        scene.go_on(life)
    }

    fn in_the_end(&self, scene: &Scene, life: &Life) -> Result<(), String> {
        let head = scene.head(life, "register.db")?;
        if head != self.end {
            return Err(format!("the head is {head:?} instead of {:?}", self.end));
        }
        if let Some(copy) = scene.backup {
            let head = scene.head(life, copy)?;
            if head != self.done {
                return Err(format!("the copy's head is {head:?} instead of {:?}", self.done));
            }
        }
        let files = files(&life.office);
        if files != self.files[2] {
            let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
            let (is, should) = (names(&files), names(&self.files[2]));
            return Err(format!("other files than undisturbed: {is:?} and {should:?}"));
        }
        settled(&life.office)
    }
}

/// Nothing is in hand, and mails and reminders agree.
pub(crate) fn settled(office: &Office) -> Result<(), String> {
    let open = "select (select count(*) from message where state in ('queued', 'sending'))
                     + (select count(*) from attempt where outcome is null)";
    let wrong = "select (select count(*) from line join message on message.id = line.message
                         join reminder on reminder.id = line.reminder
                         where message.state = 'accepted' and reminder.state <> 'told')
                      + (select count(*) from reminder where state = 'told' and not exists (
                         select 1 from line join message on message.id = line.message
                         where line.reminder = reminder.id and message.state = 'accepted'))";
    for sql in [open, wrong] {
        if office.count(sql) != 0 {
            return Err(format!("not settled: {}", office.dump()));
        }
    }
    Ok(())
}

/// How many mails came more than once. Each of them under one Message-ID and to the byte the same, with as many
/// attempts on record that may have arrived; or else what is wrong.
pub(crate) fn resent(office: &Office, server: &Server) -> Result<usize, String> {
    assert!(server.wait_quiet(), "a connection stays open");
    let mut by_id: BTreeMap<String, Vec<Received>> = BTreeMap::new();
    for mail in server.accepted() {
        by_id.entry(mail.message_id.clone()).or_default().push(mail);
    }
    let mut again = 0;
    for (id, mails) in by_id.iter().filter(|(_, mails)| mails.len() > 1) {
        let unknown = office.count(&format!(
            "select count(*) from attempt join message on message.id = attempt.message
             where message.message_id = '{id}' and attempt.outcome = 'unknown'"
        ));
        if mails.iter().any(|mail| mail != &mails[0]) {
            return Err(format!("two mails under the name {id}"));
        }
        if i64::try_from(mails.len() - 1).unwrap() > unknown {
            return Err(format!(
                "{id} came {} times with {unknown} attempts unknown",
                mails.len()
            ));
        }
        again += mails.len() - 1;
    }
    Ok(again)
}

/// What everybody was told, each mail counted once however often it came.
pub(crate) fn tellings(server: &Server) -> BTreeMap<Telling, usize> {
    assert!(server.wait_quiet(), "a connection stays open");
    let mut seen = BTreeSet::new();
    let mut told = BTreeMap::new();
    for mail in server.accepted() {
        if !seen.insert(mail.message_id.clone()) {
            continue;
        }
        let text = String::from_utf8(mail.data).unwrap();
        let headings = headings(&plain_text(&text));
        let words = match headings.is_empty() {
            true => vec![header(&text, "Subject").unwrap_or_default()],
            false => headings,
        };
        for words in words {
            *told.entry((mail.to.clone(), words)).or_default() += 1;
        }
    }
    told
}

/// Each case that a mail speaks of, with the first words about it: `FOI-1 - answer due`.
fn headings(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let is_case = |word: &str| word.contains('-') && word.ends_with(|c: char| c.is_ascii_digit());
    words
        .windows(4)
        .filter(|four| is_case(four[0]) && four[1] == "-")
        .map(|four| four.join(" "))
        .collect()
}

/// Every file that somebody could take for a whole one, but for the register, its locks and what the tests put there.
fn files(office: &Office) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    collect(&office.path(""), "", &mut found);
    found.retain(|name, _| {
        let file = name.rsplit('/').next().unwrap_or_default();
        let unfinished =
            file.starts_with('.') || file.ends_with(".timeous-part") || file.ends_with(".timeous-part-journal");
        let register = file.starts_with("register.db") || file.starts_with("copy.db");
        !unfinished && !register && !["timeous.toml", "heartbeat.url", "trace"].contains(&file)
    });
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), found);
        } else if kind.is_file() {
            found.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
}
