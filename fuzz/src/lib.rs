//! The fuzz targets ask what the tests ask: `tests/input/properties`.

#[path = "../../tests/input/properties/mod.rs"]
pub mod properties;
