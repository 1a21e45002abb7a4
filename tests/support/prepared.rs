//! The office of the help's examples and of the documents: the configuration as shipped, under a root of its own, and
//! five cases on Friday 27 November 2026.

use std::path::Path;

use super::office::Office;

/// When the examples are typed.
pub const TODAY: &str = "2026-11-27 08:31:00";

/// A folder of the shipped configuration, and what stands for it here.
pub const FOLDERS: [&str; 3] = ["/etc/timeous", "/var/lib/timeous", "/var/backups/timeous"];

const SHIPPED: &str = include_str!("../../config/timeous.toml");

/// A sheet with a due date from an English calendar.
const SHEET: &str = "reference,received,officer,subject,due\n\
                     FOI-2026-0411,2026-11-09,bjones,Gritting routes,2026-12-07\n\
                     FOI-2026-0412,16/11/2026,cbrown,School meals,15/12/2026\n";

/// What was typed into the register, and when.
const TYPED: [(&str, &str); 10] = [
    (
        "2019-03-04",
        "log FOI-2019-0012 --received 2019-03-04 --officer bjones --subject 'Bus lanes'",
    ),
    (
        "2019-03-25",
        "record FOI-2019-0012 responded --on 2019-03-25 --outcome full",
    ),
    (
        "2019-12-02",
        "record FOI-2019-0012 closed --on 2019-12-02 --outcome done",
    ),
    ("2026-09-01", "log FOI-2026-0290 --received 2026-09-01 --officer cbrown"),
    (
        "2026-09-28",
        "record FOI-2026-0290 responded --on 2026-09-28 --outcome refused",
    ),
    ("2026-10-28", "log FOI-2026-0388 --received 2026-10-28 --officer bjones"),
    ("2026-11-02", "log FOI-2026-0401 --received 2026-11-02 --officer bjones"),
    (
        "2026-11-03",
        "log EIR-2026-0044 --received 2026-11-03 --officer cbrown --regime eirs",
    ),
    ("2026-11-10", "record FOI-2026-0290 review-required --on 2026-11-10"),
    ("2026-11-27", "run --once"),
];

/// An office with the shipped configuration and no register yet.
pub fn empty() -> Office {
    let mut office = Office::new();
    for folder in FOLDERS {
        std::fs::create_dir_all(under(&office, folder)).unwrap();
    }
    let path = under(&office, "/etc/timeous/timeous.toml");
    std::fs::write(&path, rooted(&office, SHIPPED)).unwrap();
    office.surround("TIMEOUS_CONFIG", &path);
    std::fs::write(office.path("cases.csv"), SHEET).unwrap();
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("holidays/scotland.json");
    std::fs::copy(list, office.path("bank-holidays.json")).unwrap();
    office
}

/// The same with its cases; the mails of the morning lie in the outbox, or wait for a mail server that is not there.
pub fn with_cases(mail_waits: bool) -> Office {
    let office = empty();
    let path = under(&office, "/etc/timeous/timeous.toml");
    let shipped = std::fs::read_to_string(&path).unwrap();
    if mail_waits {
        let without_server = shipped.replace("transport = \"file\"", "transport = \"smtp\"")
            + "\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = 1\ntls = \"none\"\n";
        std::fs::write(&path, without_server).unwrap();
    }
    for (day, words) in TYPED {
        let ran = office.shell_at(&format!("{day} 08:20:00"), &format!("timeous {words}"));
        let unsent = mail_waits && words == "run --once";
        assert_eq!(ran.code, Some(i32::from(unsent)), "timeous {words}: {}", ran.err);
    }
    std::fs::write(&path, shipped).unwrap();
    office.shell_at(TODAY, "timeous backup register-2026-10-31.db").well();
    office
}

/// Where a path of an installation is here.
pub fn under(office: &Office, path: &str) -> String {
    office.path(path.trim_start_matches('/')).display().to_string()
}

/// Words in which each path of an installation is the one here.
pub fn rooted(office: &Office, words: &str) -> String {
    FOLDERS.iter().fold(words.to_owned(), |words, folder| {
        words.replace(folder, &under(office, folder))
    })
}

/// Words in which each path here is the one of an installation.
pub fn unrooted(office: &Office, words: &str) -> String {
    FOLDERS.iter().fold(words.to_owned(), |words, folder| {
        words.replace(&under(office, folder), folder)
    })
}

/// Another office with the same files.
pub fn copied(from: &Office) -> Office {
    let mut copy = Office::new();
    copy_folder(&from.path(""), &copy.path(""));
    let path = under(&copy, "/etc/timeous/timeous.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, rooted(&copy, &unrooted(from, &text))).unwrap();
    copy.surround("TIMEOUS_CONFIG", &path);
    copy
}

/// Copies a folder's files, and those of the folders in it.
pub fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}
