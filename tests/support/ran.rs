//! A command that has been run.

/// What the program said and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// What it said, having ended well.
    pub fn well(self) -> String {
        assert_eq!(self.code, Some(0), "out: {}\nerr: {}", self.out, self.err);
        self.out
    }

    /// The head of the chain that it named, of `verify` or `backup`, having ended well.
    pub fn head(self) -> String {
        let said = self.well();
        let head = said.split("head ").nth(1).and_then(|rest| rest.split(' ').next());
        head.unwrap_or_else(|| panic!("no head in {said}")).to_owned()
    }

    /// The one line it complained with.
    pub fn complaint(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "out: {}\nerr: {}", self.out, self.err);
        let line = self.err.strip_suffix('\n').unwrap_or(&self.err);
        assert!(!line.contains('\n') && line.starts_with("timeous: "), "{:?}", self.err);
        line
    }
}
