//! Killing a program at its n-th call of a kind, and finding out how many there are.

use std::collections::BTreeMap;

use crate::scenes::{Life, Scene};
use crate::support::office::Ran;

/// The calls by which a step is made or seen: on files, on locks, on the line to the mail server. How many of each are
/// struck in turn, before the next.
pub(crate) const CALLS: [(usize, &str); 17] = [
    (3, "fsync"),
    (3, "sendto"),
    (3, "recvfrom"),
    (3, "rename"),
    (3, "linkat"),
    (3, "unlink"),
    (3, "flock"),
    (3, "pwrite64"),
    (1, "ftruncate"),
    (1, "connect"),
    (1, "write"),
    (1, "fcntl"),
    (1, "fdatasync"),
    (1, "epoll_wait"),
    (1, "pread64"),
    (1, "openat"),
    (1, "close"),
];

/// The calls of an undisturbed run from the first on that touches the register: each with the numbers at which it can
/// be met. strace counts the calls of each thread by themselves and strikes at whichever comes to the number first.
pub(crate) fn calls(scene: &Scene) -> BTreeMap<&'static str, Vec<usize>> {
    let life = scene.live();
    let trace = life.office.path("trace");
    let what = format!("trace={}", CALLS.map(|(_, call)| call).join(","));
    let ran = scene.act_traced(&life, &["-f", "-o", trace.to_str().unwrap(), "-e", &what]);
    assert_eq!(ran.code, Some(0), "{}: {}{}", scene.name, ran.out, ran.err);
    let trace = std::fs::read_to_string(trace).unwrap();
    let begun = trace.lines().position(|line| line.contains("register.db")).unwrap();
    let mut of_thread: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut reached: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut found: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
    for (place, line) in trace.lines().enumerate() {
        let Some((thread, call)) = line.split_once('(').and_then(|(head, _)| head.split_once(' ')) else {
            continue;
        };
        let Some(name) = CALLS
            .map(|(_, name)| name)
            .into_iter()
            .find(|name| *name == call.trim())
        else {
            continue;
        };
        let count = of_thread.entry((thread, name)).or_default();
        *count += 1;
        let most = reached.entry(name).or_default();
        if *count > *most {
            *most = *count;
            if place >= begun {
                found.entry(name).or_default().push(*count);
            }
        }
    }
    found
}

/// Kills the command at the n-th of a call. None if it came to its end before.
pub(crate) fn kill(scene: &Scene, life: &Life, call: &str, n: usize) -> Option<Ran> {
    let (trace, inject) = (format!("trace={call}"), format!("inject={call}:signal=KILL:when={n}"));
    let ran = scene.act_traced(life, &["-f", "-o", "/dev/null", "-e", &trace, "-e", &inject]);
    ran.code.is_none().then_some(ran)
}

/// Numbers in an order of which every beginning is spread evenly over them (by the golden ratio).
pub(crate) fn spread(numbers: &[usize]) -> Vec<usize> {
    let mut placed: Vec<(u64, usize)> = (1_u64..)
        .zip(numbers)
        .map(|(place, number)| (place.wrapping_mul(0x9E37_79B9_7F4A_7C15), *number))
        .collect();
    placed.sort_unstable();
    placed.into_iter().map(|(_, number)| number).collect()
}
