//! ReadDataSource.

use super::catch::catch;
use super::outgoing::fit_schema;
use super::{Server, not_configured, promises, proposal};
use crate::{Cx, Diagnostic, Diagnostics, Private, Provider, Value};

impl<P: Provider> Server<P> {
    /// Reads a data source.
    ///
    /// # Errors
    /// It could not be read; the warnings that came before are among the diagnostics.
    pub async fn read_data_source(
        &self,
        type_name: &str,
        config: Value,
    ) -> Result<(Value, Diagnostics), Diagnostics> {
        let (source, schema) = self
            .data_sources
            .get(type_name)
            .zip(self.schemas.data_sources.get(type_name))
            .ok_or_else(|| {
                Diagnostic::error(
                    "Data Source Type Not Found",
                    format!("The provider has no data source {type_name:?}."),
                )
            })?;
        let client = self
            .client()
            .ok_or_else(|| not_configured("read the data source"))?;
        let config = proposal::with_defaults(schema, &config);
        let cx = Cx::new(self.cancel(), Private::default());
        let outcome = catch("read the data source", || {
            source.read(&client, config.clone(), &cx)
        })
        .await;
        let mut diagnostics = cx.finish().0;
        let state = match outcome {
            Ok(Ok(state)) => state,
            Ok(Err(errors)) => {
                diagnostics.extend(errors);
                return Err(diagnostics);
            }
            Err(panic) => {
                diagnostics.push(panic);
                return Err(diagnostics);
            }
        };
        let (state, faults) = fit_schema(schema, state);
        diagnostics.extend(faults);
        diagnostics.extend(promises::check_data(schema, &config, &state));
        if diagnostics.has_error() {
            return Err(diagnostics);
        }
        Ok((state, diagnostics))
    }
}
