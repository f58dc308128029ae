//! Functions, to protobuf.

use tfsdk::{FunctionError, Parameter, Signature};

use crate::codec::type_json;
use crate::generated::tfplugin6 as proto;

/// What a function takes and gives.
pub(crate) fn signature(signature: &Signature) -> proto::Function {
    proto::Function {
        parameters: signature.parameters.iter().map(parameter).collect(),
        variadic_parameter: signature.variadic.as_ref().map(parameter),
        r#return: Some(proto::function::Return {
            r#type: type_json::to_json(&signature.result),
        }),
        summary: signature.summary.to_owned(),
        description: signature.description.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
        deprecation_message: String::new(),
    }
}

/// Why a call failed.
pub(crate) fn error(err: FunctionError) -> proto::FunctionError {
    proto::FunctionError {
        text: err.text,
        function_argument: err.argument.and_then(|argument| i64::try_from(argument).ok()),
    }
}

fn parameter(parameter: &Parameter) -> proto::function::Parameter {
    proto::function::Parameter {
        name: parameter.name.to_owned(),
        r#type: type_json::to_json(&parameter.ty),
        allow_null_value: parameter.allow_null,
        allow_unknown_values: parameter.allow_unknown,
        description: parameter.description.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
    }
}
