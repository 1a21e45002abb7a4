//! The door: hands the words on the command line to [`timeous`].
fn main() {}
