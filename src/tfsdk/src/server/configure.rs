//! ConfigureProvider.

use std::sync::Arc;

use super::Server;
use super::catch::catch;
use crate::data_source::mismatch;
use crate::{ConfigureRequest, Cx, Diagnostics, Model, Private, Provider, Value, Walk};

impl<P: Provider> Server<P> {
    /// Configures the provider, in place of an earlier configuration: whatever fails, that one is gone.
    pub async fn configure(&self, config: &Value, request: ConfigureRequest) -> Diagnostics {
        self.review_as(config, Walk::Plan);
        let cx = Cx::new(self.cancel(), Private::default());
        let outcome = catch("configure the provider", || async {
            let config = P::Config::from_value(config).map_err(|err| mismatch(&err))?;
            P::configure(config, request, &cx).await
        })
        .await;
        let mut diagnostics = cx.finish().0;
        let client = match outcome {
            Ok(Ok(client)) => client,
            Ok(Err(errors)) => {
                diagnostics.extend(errors);
                None
            }
            Err(panic) => {
                diagnostics.push(panic);
                None
            }
        };
        *self.client.write().expect("no panic while held") = client.map(Arc::new);
        diagnostics
    }
}
