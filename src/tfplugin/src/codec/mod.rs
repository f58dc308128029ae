//! Values on the wire: cty's msgpack and JSON encodings, read and written by type.
//!
//! Everything here takes a [`Type`](tfsdk::Type) and turns bytes into a [`Value`](tfsdk::Value) or
//! back. Nothing here knows protobuf, schemas or what a value is for. Reading never panics, whatever
//! the bytes, and needs memory in proportion to the input only.
//!
//! | cty | msgpack | JSON |
//! |---|---|---|
//! | null | nil | null |
//! | unknown | any extension | cannot be written |
//! | number | int, float where exact, else decimal text | number |
//! | dynamic | array of type (JSON in a bin) and value | object of `value` and `type` |

mod depth;
mod error;
pub mod json;
pub mod msgpack;
mod text;
pub mod type_json;

pub use error::{CodecError, CodecErrorKind};
