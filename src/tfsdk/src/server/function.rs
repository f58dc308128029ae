//! CallFunction.

use super::Server;
use super::catch::catch_pure;
use super::outgoing::fit_type;
use super::promises::check_known;
use crate::{Diagnostic, FunctionError, Provider, Value};

impl<P: Provider> Server<P> {
    /// Calls a function.
    ///
    /// # Errors
    /// There is no such function, an argument is wrong, or the function broke its word or panicked.
    pub fn call_function(&self, name: &str, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let (function, signature) = self
            .functions
            .get(name)
            .zip(self.schemas.functions.get(name))
            .ok_or_else(|| refuse(format!("The provider has no function {name:?}.")))?;
        let (given, parameters) = (arguments.len(), signature.parameters.len());
        if given < parameters || (given > parameters && signature.variadic.is_none()) {
            return Err(refuse(format!(
                "{name} takes {parameters} arguments, and {given} were given."
            )));
        }
        let known = arguments.iter().all(Value::is_wholly_known);
        let result = catch_pure("call the function", || function.call(arguments)).map_err(bug)??;
        let (result, mut faults) = fit_type(&signature.result, result);
        if known {
            faults.extend(check_known(&result, "the result is unknown, and no argument is"));
        }
        match faults.into_iter().next() {
            Some(fault) => Err(bug(fault)),
            None => Ok(result),
        }
    }
}

fn refuse(text: String) -> FunctionError {
    FunctionError { text, argument: None }
}

fn bug(diagnostic: Diagnostic) -> FunctionError {
    refuse(diagnostic.detail)
}
