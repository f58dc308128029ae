//! CallFunction.

use super::Server;
use super::catch::catch_pure;
use crate::{FunctionError, Provider, Value};

impl<P: Provider> Server<P> {
    /// Calls a function.
    ///
    /// # Errors
    /// There is no such function, an argument is wrong, or the function panicked.
    pub fn call_function(&self, name: &str, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let function = self.functions.get(name).ok_or_else(|| FunctionError {
            text: format!("The provider has no function {name:?}."),
            argument: None,
        })?;
        catch_pure("call the function", || function.call(arguments)).map_err(|panic| FunctionError {
            text: panic.detail,
            argument: None,
        })?
    }
}
