//! Killed at every step: no reminder is lost, none told twice but under the same Message-ID after an attempt on record
//! as unknown, every acknowledged entry is there, and the register verifies.
//!
//! `strace` kills the real program at the n-th system call of a kind, in the middle of each thing it does to a register
//! or a file (`scenes`); and the running service, with mails in hand and officers recording meanwhile, is killed at
//! random moments (`load`). What an undisturbed run tells and leaves is what a killed and restarted one has to.
//!
//! A hundred kills are part of `tests/run`. A thousand, with a table of them:
//!
//! ```text
//! TIMEOUS_KILLS=1000 cargo test --test kills -- --nocapture
//! ```
//!
//! A fifth of them are random; another `TIMEOUS_SEED` makes others. A number beyond the points there are strikes each
//! point once. Kills show what is atomic; that it is on the disk is shown in `durable`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; what runs is waited for, and \
              figures are printed for whoever asks with --nocapture"
)]

#[allow(dead_code, reason = "other tests draw more from it")]
#[path = "../law/oracle/dice.rs"]
mod dice;
mod durable;
mod held;
mod load;
mod scenes;
mod strike;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;
use std::time::Instant;

use held::{Tally, Undisturbed};
use scenes::Scene;

/// Rows of the table: what was under way, and at which call it was killed.
type Table = BTreeMap<(usize, String, String), Tally>;

fn from_environment(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Runs something on as many threads as there are processors.
fn everywhere(work: impl Fn() + Sync) {
    let processors = std::thread::available_parallelism().map_or(2, usize::from).min(8);
    std::thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(&work);
        }
    });
}

/// A scene, what it comes to undisturbed, and where it can be struck.
struct Prepared {
    scene: Scene,
    undisturbed: Undisturbed,
    calls: BTreeMap<&'static str, Vec<usize>>,
}

fn prepared() -> Vec<Prepared> {
    let waiting: Mutex<VecDeque<_>> = Mutex::new(scenes::ALL.into_iter().enumerate().collect());
    let ready = Mutex::new(BTreeMap::new());
    everywhere(|| {
        loop {
            let Some((number, make)) = waiting.lock().unwrap().pop_front() else {
                return;
            };
            let scene = make();
            let (undisturbed, calls) = (Undisturbed::of(&scene), strike::calls(&scene));
            let prepared = Prepared {
                scene,
                undisturbed,
                calls,
            };
            ready.lock().unwrap().insert(number, prepared);
        }
    });
    ready.into_inner().unwrap().into_values().collect()
}

/// Every point, in an order of which each beginning has something of each scene, spread over its course; the calls by
/// which a step is made come before those by which it is seen, and oftener.
fn points(scenes: &[Prepared]) -> VecDeque<(usize, &'static str, usize)> {
    let mut groups = Vec::new();
    for (share, call) in strike::CALLS {
        for (number, prepared) in scenes.iter().enumerate() {
            let numbers = prepared.calls.get(call).map(Vec::as_slice).unwrap_or_default();
            groups.push((share, number, call, VecDeque::from(strike::spread(numbers))));
        }
    }
    let mut points = VecDeque::new();
    let mut first = true;
    while groups.iter().any(|(_, _, _, left)| !left.is_empty()) {
        for (share, scene, call, left) in &mut groups {
            let share = if first { 1 } else { *share };
            let some = left.drain(..left.len().min(share));
            points.extend(some.map(|n| (*scene, *call, n)));
        }
        first = false;
    }
    points
}

/// What came of kills at points: the table, what was amiss, and how many there were.
type Struck = (Table, Vec<String>, usize);

/// Strikes at so many points, each in a life of its own that goes on to its end.
fn strike_at(scenes: &[Prepared], points: VecDeque<(usize, &'static str, usize)>, wanted: usize) -> Struck {
    let (left, come_to) = (Mutex::new(points), Mutex::new(Struck::default()));
    everywhere(|| {
        while come_to.lock().unwrap().2 < wanted {
            let Some((number, call, n)) = left.lock().unwrap().pop_front() else {
                return;
            };
            let Prepared { scene, undisturbed, .. } = &scenes[number];
            let life = scene.live();
            // Which thread is at work when is not the same in every run: the last few calls may not be reached.
            let Some(killed) = strike::kill(scene, &life, call, n) else {
                continue;
            };
            come_to.lock().unwrap().2 += 1;
            let (tally, found) = undisturbed.hold(scene, &life, &killed);
            let row = (number, scene.name.to_owned(), call.to_owned());
            let mut come_to = come_to.lock().unwrap();
            come_to.0.entry(row).or_default().add(tally);
            let name = scene.name;
            let named = found.into_iter().map(|fault| format!("{name}, {call} {n}: {fault}"));
            come_to.1.extend(named);
        }
    });
    come_to.into_inner().unwrap()
}

#[test]
fn killed_anywhere_nothing_is_lost_and_nothing_told_twice() {
    if !support::office::can_trace() {
        return;
    }
    let wanted = usize::try_from(from_environment("TIMEOUS_KILLS", 100)).unwrap();
    let seed = from_environment("TIMEOUS_SEED", 20_220_304);
    let began = Instant::now();
    let scenes = prepared();
    let points = points(&scenes);
    let there = points.len();
    let (mut table, mut faults, struck) = strike_at(&scenes, points, wanted - wanted / 5);
    let (tally, found) = load::lives(wanted / 5, seed);
    let row = (
        scenes.len(),
        "the service under load".to_owned(),
        "any moment".to_owned(),
    );
    table.insert(row, tally);
    faults.extend(found);
    let whole = print(&table);
    let (random, seconds) = (tally.kills, began.elapsed().as_secs_f64());
    println!("{struck} of {there} points, and {random} random moments of seed {seed}; {seconds:.1} s");
    assert_eq!(faults, Vec::<String>::new(), "{} faults", faults.len());
    assert_eq!((whole.lost, whole.twice, whole.unsound), (0, 0, 0));
    let reached = wanted.min(there / 2 + wanted / 5);
    assert!(whole.kills >= reached, "{} kills of {reached}", whole.kills);
    // Without these no kill of so many fell between the server's word and its record.
    assert!(whole.again > 0 || wanted < 500, "no mail was sent again");
}

fn print(table: &Table) -> Tally {
    let mut whole = Tally::default();
    println!("| under way | killed at | kills | lost | twice | unknown, sent again | unsound |");
    println!("|---|---|---|---|---|---|---|");
    let row = |what: &str, call: &str, tally: &Tally| {
        let Tally {
            kills,
            lost,
            twice,
            again,
            unsound,
        } = tally;
        println!("| {what} | {call} | {kills} | {lost} | {twice} | {again} | {unsound} |");
    };
    for ((_, scene, call), tally) in table {
        row(scene, call, tally);
        whole.add(*tally);
    }
    row("in all", "", &whole);
    whole
}
