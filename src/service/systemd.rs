//! What systemd is told. Nothing happens where there is no systemd to tell.

use sd_notify::NotifyState;

/// The service is ready, or has read its configuration again.
pub(super) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// The configuration is being read again. The time goes with it, as newer systemd asks.
pub(super) fn reloading() {
    let mut states = vec![NotifyState::Reloading];
    states.extend(NotifyState::monotonic_usec_now().ok());
    tell(&states);
}

/// A round has ended, well or not: a full disk must not become a restart loop.
pub(super) fn alive(status: &str) {
    tell(&[NotifyState::Watchdog, NotifyState::Status(status)]);
}

/// The service is stopping.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd could not be told");
    }
}
