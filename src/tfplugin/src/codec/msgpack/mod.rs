//! cty's msgpack encoding.
//!
//! Refinements of unknown values are read over and never written: an unrefined unknown value is
//! always valid, while a refined one binds what apply may answer.

mod decode;
mod encode;
#[cfg(test)]
mod golden;
mod input;

pub use decode::decode;
pub use encode::encode;
