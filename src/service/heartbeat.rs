//! The heartbeat: a monitor elsewhere is told of every round, and raises the alarm when it hears nothing.
//!
//! A good round calls its address, a bad one `fail` below it, as healthchecks.io and its like have it. While mail does
//! not leave it hears nothing: whether that has lasted too long is for its own patience to say. It is told on a thread
//! of its own and never delays a round, and that it could not be told is logged once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::http::{self, Bounds, Url};

/// How long the monitor may take.
const LIMIT: Duration = Duration::from_secs(10);

/// A monitor answers with a word.
const LONGEST: u64 = 100_000;

/// The same again is not told sooner: rounds are a minute apart, but for those after a reload.
const AGAIN: Duration = Duration::from_secs(50);

/// What there is to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beat {
    /// The round went well.
    Good,
    /// It did not.
    Bad,
}

/// The monitor, as far as it was told.
#[derive(Default)]
pub(super) struct Heartbeat {
    under_way: Option<JoinHandle<()>>,
    /// What was told last, and when by the monotonic clock.
    told: Option<(Beat, Duration)>,
    /// The last call failed, and it was said.
    failed: Arc<AtomicBool>,
}

impl Heartbeat {
    /// Tells the monitor and does not wait for it. At most one call is under way, and one a minute tells the same.
    pub(super) fn tell(&mut self, monitor: &Url, beat: Beat, monotonic: Duration) {
        let lately = |(told, at): (Beat, Duration)| told == beat && monotonic.saturating_sub(at) < AGAIN;
        let busy = self.under_way.as_ref().is_some_and(|call| !call.is_finished());
        if busy || self.told.is_some_and(lately) {
            return;
        }
        self.told = Some((beat, monotonic));
        let (monitor, failed) = (monitor.clone(), Arc::clone(&self.failed));
        self.under_way = Some(tokio::task::spawn_blocking(move || call(&monitor, beat, &failed)));
    }
}

fn call(monitor: &Url, beat: Beat, failed: &AtomicBool) {
    let bounds = Bounds {
        time: LIMIT,
        bytes: LONGEST,
        ca: None,
    };
    let below = match beat {
        Beat::Good => Ok(monitor.clone()),
        Beat::Bad => monitor.below("fail"),
    };
    let result = match &below {
        Ok(url) => http::get(url, &bounds).map(drop).map_err(|error| error.to_string()),
        Err(error) => Err(format!("has an address that {error}")),
    };
    let before = failed.swap(result.is_err(), Ordering::SeqCst);
    match result {
        Err(why) if !before => tracing::warn!("no heartbeat: {} {why}", monitor.host()),
        Ok(()) if before => tracing::info!("the heartbeat is heard again"),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "clippy excuses only the #[test] functions themselves")]

    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;

    use super::*;

    /// Answers every call and says which path was called.
    fn monitor() -> (Url, std::sync::mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = Url::parse(&format!("http://{}/ping", listener.local_addr().unwrap())).unwrap();
        let (called, calls) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in listener.incoming().flatten() {
                let mut request = String::new();
                BufReader::new(&line).read_line(&mut request).unwrap();
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK";
                (&line).write_all(answer.as_bytes()).unwrap();
                called.send(request.split(' ').nth(1).unwrap().to_owned()).unwrap();
            }
        });
        (url, calls)
    }

    #[tokio::test]
    async fn the_same_is_told_once_a_minute_and_a_change_at_once() {
        let (url, calls) = monitor();
        let mut heartbeat = Heartbeat::default();
        let mut heard = Vec::new();
        for (beat, second) in [
            (Beat::Good, 100),
            (Beat::Good, 103),
            (Beat::Good, 149),
            (Beat::Good, 160),
            (Beat::Bad, 163),
            (Beat::Bad, 170),
            (Beat::Good, 171),
            (Beat::Good, 231),
        ] {
            heartbeat.tell(&url, beat, Duration::from_secs(second));
            if let Some(call) = heartbeat.under_way.take() {
                call.await.unwrap();
                heard.push((second, calls.recv_timeout(LIMIT).unwrap()));
            }
        }
        let heard: Vec<(u64, &str)> = heard.iter().map(|(second, path)| (*second, path.as_str())).collect();
        assert_eq!(
            heard,
            [
                (100, "/ping"),
                (160, "/ping"),
                (163, "/ping/fail"),
                (171, "/ping"),
                (231, "/ping")
            ]
        );
    }
}
