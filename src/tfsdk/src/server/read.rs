//! ReadResource.

use super::catch::catch;
use super::identity::identify;
use super::outgoing::fit_schema;
use super::{Server, marks, promises, proposal};
use crate::{Cx, Diagnostic, Diagnostics, Provider, Value};

/// An object to read again.
#[derive(Debug, Clone)]
pub struct ReadRequest {
    /// The full type name.
    pub type_name: String,
    /// The object as last known. After an import, only what the import gave is set.
    pub state: Value,
    /// As the last response left it.
    pub private: Vec<u8>,
    /// As the last response left it.
    pub identity: Option<Value>,
}

/// The object as it is.
#[derive(Debug, Clone)]
pub struct ReadResponse {
    /// Null when it is gone.
    pub state: Value,
    /// To be kept beside the state.
    pub private: Vec<u8>,
    /// Of the object, where the type has identities.
    pub identity: Option<Value>,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

impl<P: Provider> Server<P> {
    /// Reads an object. A failure leaves it as it was.
    pub async fn read(&self, request: ReadRequest) -> ReadResponse {
        let mut response = ReadResponse {
            state: request.state.clone(),
            private: request.private.clone(),
            identity: request.identity,
            diagnostics: Diagnostics::new(),
        };
        let (resource, schemas) = match self.resource(&request.type_name) {
            Ok(found) => found,
            Err(diagnostic) => {
                response.diagnostics.push(diagnostic);
                return response;
            }
        };
        response.identity = response.identity.filter(|_| schemas.identity.is_some());
        let Some(client) = self.client() else {
            response.diagnostics.push(Diagnostic::warning(
                "Object was not refreshed",
                "The provider's configuration depends on values that are known only after apply, so AWS was \
                 not asked. The plan is made from the state as it was last read.",
            ));
            return response;
        };
        let (private, marks) = marks::split(&request.private);
        let cx = Cx::new(self.cancel(), private);
        let outcome = catch("read the object", || resource.read(&client, request.state, &cx)).await;
        let (warnings, private) = cx.finish();
        response.diagnostics.extend(warnings);
        let state = match outcome {
            Ok(Ok(Some(state))) => state,
            Ok(Ok(None)) => {
                response.state = Value::Null;
                response.private = Vec::new();
                response.identity = None;
                return response;
            }
            Ok(Err(diagnostics)) => {
                response.diagnostics.extend(diagnostics);
                return response;
            }
            Err(panic) => {
                response.diagnostics.push(panic);
                return response;
            }
        };
        let (state, faults) = fit_schema(&schemas.schema, state);
        response.diagnostics.extend(faults);
        response.diagnostics.extend(promises::check_known(
            &state,
            "a value is unknown after it was read",
        ));
        response.state = proposal::without_unknown(proposal::without_write_only(&schemas.schema, &state));
        response.private = marks::join(private, marks);
        match identify(resource, schemas, &response.state, response.identity.as_ref()) {
            Ok(identity) => response.identity = identity,
            Err(faults) => response.diagnostics.extend(faults),
        }
        response
    }
}
