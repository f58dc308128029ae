//! Provider functions (Terraform 1.8 and newer): pure, without provider configuration.

use std::marker::PhantomData;

use crate::{Type, Value};

/// A parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Name, a valid identifier.
    pub name: &'static str,
    /// Type.
    pub ty: Type,
    /// Whether null may be given.
    pub allow_null: bool,
    /// Whether unknown values are passed in instead of making the result unknown.
    pub allow_unknown: bool,
    /// One sentence for the user.
    pub description: &'static str,
}

/// What a function takes and gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// One line.
    pub summary: &'static str,
    /// Markdown.
    pub description: &'static str,
    /// In order.
    pub parameters: Vec<Parameter>,
    /// Takes the rest, if there is one.
    pub variadic: Option<Parameter>,
    /// Type of the result.
    pub result: Type,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct FunctionError {
    /// For the user.
    pub text: String,
    /// The argument it is about, counted from zero.
    pub argument: Option<usize>,
}

/// A pure function: the same arguments give the same result.
pub trait Function: Send + Sync + 'static {
    /// The name after `provider::dynamodb::`.
    const NAME: &'static str;

    /// What it takes and gives.
    fn signature() -> Signature;

    /// Calls it with as many arguments as the signature has parameters, and the variadic ones behind.
    ///
    /// # Errors
    /// An argument is not what the function can work with.
    fn call(arguments: Vec<Value>) -> Result<Value, FunctionError>;
}

/// A function without its type. Made by [`erase_function`].
pub trait DynFunction: Send + Sync {
    /// See [`Function::NAME`].
    fn name(&self) -> &'static str;
    /// See [`Function::signature`].
    fn signature(&self) -> Signature;
    /// See [`Function::call`].
    ///
    /// # Errors
    /// An argument is not what the function can work with.
    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError>;
}

struct Erased<F>(PhantomData<fn() -> F>);

/// Takes the type off a function, for the registry.
pub fn erase_function<F: Function>() -> Box<dyn DynFunction> {
    Box::new(Erased::<F>(PhantomData))
}

impl<F: Function> DynFunction for Erased<F> {
    fn name(&self) -> &'static str {
        F::NAME
    }

    fn signature(&self) -> Signature {
        F::signature()
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        F::call(arguments)
    }
}
