//! What a plugin does to its own process: signals, standard output, and noticing that nobody is left
//! to serve.

pub(crate) mod signals;
pub(crate) mod stdout;
