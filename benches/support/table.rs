//! What was measured, as one table.

use std::time::{Duration, Instant};

/// Several runs of one thing.
#[derive(Debug, Clone)]
pub struct Runs(Vec<f64>);

impl Runs {
    /// Runs something some times, in seconds.
    pub fn of(times: usize, mut run: impl FnMut() -> Duration) -> Self {
        Self((0..times).map(|_| run().as_secs_f64()).collect())
    }

    /// Runs two things in turn, so that whatever else the machine does falls on both.
    pub fn in_turn(
        times: usize,
        mut ours: impl FnMut() -> Duration,
        mut reference: impl FnMut() -> Duration,
    ) -> (Self, Self) {
        let both: Vec<_> = (0..times)
            .map(|_| (ours().as_secs_f64(), reference().as_secs_f64()))
            .collect();
        let (ours, reference) = both.into_iter().unzip();
        (Self(ours), Self(reference))
    }

    /// Figures that were measured elsewhere.
    pub fn from(figures: Vec<f64>) -> Self {
        Self(figures)
    }

    /// Each figure as another.
    pub fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        Self(self.0.iter().map(|figure| change(*figure)).collect())
    }

    fn sorted(&self) -> Vec<f64> {
        let mut all = self.0.clone();
        all.sort_by(f64::total_cmp);
        all
    }

    pub fn median(&self) -> f64 {
        let all = self.sorted();
        all[all.len() / 2]
    }

    fn words(&self, unit: &str) -> String {
        let all = self.sorted();
        let (low, high) = (all[0], all[all.len() - 1]);
        match all.len() {
            1 => format!("{} {unit}", figure(low)),
            _ => format!("{} {unit} ({}–{})", figure(self.median()), figure(low), figure(high)),
        }
    }
}

/// How long something took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}

/// A figure with three digits that say something.
pub fn figure(figure: f64) -> String {
    match figure.abs() {
        large if large >= 1_000_000.0 => format!("{:.1} M", figure / 1_000_000.0),
        large if large >= 10_000.0 => format!("{:.0} k", figure / 1_000.0),
        large if large >= 100.0 => format!("{figure:.0}"),
        large if large >= 10.0 => format!("{figure:.1}"),
        large if large >= 1.0 => format!("{figure:.2}"),
        _ => format!("{figure:.3}"),
    }
}

/// The table, a row at a time; each is printed as it comes.
#[derive(Default)]
pub struct Table {
    rows: Vec<String>,
}

impl Table {
    /// A section of the table.
    pub fn section(&mut self, name: &str, columns: &[&str]) {
        let heads = format!("| {} |", columns.join(" | "));
        let line = format!("|{}", "---|".repeat(columns.len()));
        for text in ["", name, "", &heads, &line] {
            self.say(text);
        }
    }

    /// Ours beside a reference.
    pub fn beside(&mut self, what: &str, unit: &str, ours: &Runs, (name, reference): (&str, &Runs), target: &str) {
        let ratio = ours.median() / reference.median();
        self.say(&format!(
            "| {what} | {} | {name}: {} | {} | {target} |",
            ours.words(unit),
            reference.words(unit),
            figure(ratio)
        ));
    }

    /// Ours alone.
    pub fn alone(&mut self, what: &str, unit: &str, ours: &Runs, target: &str) {
        self.say(&format!("| {what} | {} | | | {target} |", ours.words(unit)));
    }

    /// Any row.
    pub fn row(&mut self, cells: &[String]) {
        self.say(&format!("| {} |", cells.join(" | ")));
    }

    fn say(&mut self, line: &str) {
        println!("{line}");
        self.rows.push(line.to_owned());
    }

    pub fn text(&self) -> String {
        self.rows.join("\n") + "\n"
    }
}
