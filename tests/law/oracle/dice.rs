//! Chance that a seed determines.

use chrono::{Days, NaiveDate};

/// A generator of numbers that a seed determines (SplitMix64), so that a failure can be told again.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }

    pub(crate) fn often(&mut self, of_ten: u64) -> bool {
        self.roll(10) < of_ten
    }

    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }

    pub(crate) fn after(&mut self, day: NaiveDate, most: u64) -> NaiveDate {
        day + Days::new(self.roll(most + 1))
    }
}
