//! CallFunction, in a process whose provider is not configured.

use tfsdk::{Diagnostics, FunctionError, Provider, Server, Value};

use super::lookup;
use crate::convert::{functions, values};
use crate::generated::tfplugin6::call_function::{Request, Response};

pub(super) fn handle<P: Provider>(server: &Server<P>, request: Request) -> Result<Response, Diagnostics> {
    let signature = lookup::function(server, &request.name)?;
    let outcome = (|| {
        let mut arguments: Vec<Value> = Vec::with_capacity(request.arguments.len());
        let given = request.arguments.len();
        for (at, argument) in request.arguments.into_iter().enumerate() {
            let Some(parameter) = signature.parameters.get(at).or(signature.variadic.as_ref()) else {
                break;
            };
            let value = values::decode(Some(argument), &parameter.ty, "an argument").map_err(|err| {
                FunctionError {
                    text: err.detail,
                    argument: Some(at),
                }
            })?;
            arguments.push(value);
        }
        let wanted = signature.parameters.len();
        if arguments.len() != given || given < wanted {
            let least = if signature.variadic.is_some() {
                "at least "
            } else {
                ""
            };
            let text = format!("The function takes {least}{wanted} arguments, and was given {given}.");
            return Err(FunctionError { text, argument: None });
        }
        let result = server.call_function(&request.name, arguments)?;
        values::encode(&result, &signature.result, "a result").map_err(|err| FunctionError {
            text: err.detail,
            argument: None,
        })
    })();
    Ok(match outcome {
        Ok(result) => Response {
            result: Some(result),
            error: None,
        },
        Err(err) => Response {
            result: None,
            error: Some(functions::error(err)),
        },
    })
}
