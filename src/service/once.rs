//! One round and what it sends, for a timer instead of a service.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::calendar_file::{self, CalendarFile};
use super::keeper::Keeper;
use super::{Error, in_force, round, runtime, send, sheet};
use crate::casework::deliver;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::Sqlite;

/// What one round of `run --once` came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Messages written.
    pub written: usize,
    /// Messages a server or the folder has.
    pub sent: usize,
    /// What went wrong, one sentence each.
    pub faults: Vec<String>,
}

/// Runs one round and sends what is due, then returns. Where a mailbox refuses its mail there is another round, which
/// writes to whoever is next.
///
/// # Errors
/// If the register cannot be used, or another service has it.
pub fn once(config: Config, clock: Arc<dyn Clock>) -> Result<Once, Error> {
    let _lock = Sqlite::lock_daemon(&config.register)?;
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let keeper = Keeper::start(Sqlite::create(&config.register)?)?;
        let config = keeper.with(|register| in_force(register, Arc::new(config))).await??;
        let now = clock.now();
        keeper.with(move |register| deliver::rescue(register, now)).await??;
        // What is wrong with the sheet keeps no reminder back.
        let sheet = sheet::once(&keeper, &config, &*clock).await;
        let (mut written, mut sent) = (0, 0);
        // Whom a mailbox refuses is told of by nobody unless the next in order is written to now; there are no more of
        // them than officers, and the team.
        let mut in_order = config.rules.people.officers.len() + 2;
        let (round, pass) = loop {
            let round = round(&keeper, &config, now).await?;
            let pass = send::pass(&keeper, &config, &clock, &CancellationToken::new(), &mut Vec::new()).await?;
            written += round.written;
            sent += pass.sent;
            in_order -= 1;
            if pass.refused == 0 || in_order == 0 {
                break (round, pass);
            }
        };
        let mut faults = round.faults;
        faults.extend(sheet.err().map(|error| format!("the sheet was not taken: {error}")));
        faults.extend(calendar_file::after_round(&keeper, &config, now, &mut CalendarFile::default()).await?);
        faults.extend(pass.fault);
        Ok(Once { written, sent, faults })
    });
    // A share that does not answer is not waited for.
    runtime.shutdown_background();
    done
}
