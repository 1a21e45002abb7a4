//! How often what goes on beside the rounds is looked at.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::config::Config;

/// From one look to the next.
const OFTEN: Duration = Duration::from_secs(60);

/// Waits until it is time for the next look, which the settings may ask for, or for other settings, or for a stop.
pub(super) async fn until_next_look(wanted: bool, config: &mut watch::Receiver<Arc<Config>>, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(OFTEN), if wanted => {}
        // Without a service that could change them there is nothing to come but its stop.
        Ok(()) = config.changed() => {}
        () = stop.cancelled() => {}
    }
}
