#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| timeous_fuzz::properties::of("register")(data));
