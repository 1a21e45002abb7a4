//! One fault is one line in the log, however often it is met.

/// What was last found wrong with something; nothing while all is well.
#[derive(Debug, Default)]
pub(super) struct LastFault(Option<String>);

impl LastFault {
    /// Whether this is another finding than the last, and so worth a line; from now on it is the last.
    pub(super) fn is_news(&mut self, fault: Option<&str>) -> bool {
        let news = self.0.as_deref() != fault;
        if news {
            self.0 = fault.map(str::to_owned);
        }
        news
    }
}
