//! Looks at and adds to the headers of every call: AWS's time in, the User-Agent out.

use std::sync::Arc;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::server_time::ServerTime;

/// Reads `Date`, extends `User-Agent`.
#[derive(Clone, Debug)]
pub(crate) struct Headers {
    pub(crate) server_time: Arc<ServerTime>,
    pub(crate) user_agent: Option<Arc<str>>,
}

impl Intercept for Headers {
    fn name(&self) -> &'static str {
        "Headers"
    }

    // After signing: the SDK does not sign this header.
    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(ours) = &self.user_agent {
            let headers = context.request_mut().headers_mut();
            let whole = match headers.get("user-agent") {
                Some(sdk) => format!("{ours} {sdk}"),
                None => ours.to_string(),
            };
            headers.try_insert("user-agent", whole)?;
        }
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(date) = context.response().headers().get("date") {
            self.server_time.observe(date);
        }
        Ok(())
    }
}
