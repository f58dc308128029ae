//! The provider: its configuration, its resources, data sources and functions, and the one place where broken rules and
//! failed calls become diagnostics.
//!
//! It knows neither protobuf (`tfplugin` does) nor the AWS SDK (`aws-clients` does), and what AWS allows is decided in
//! `rules`. Each object is one folder below [`resources`], [`data_sources`] or [`functions`].
#![forbid(unsafe_code)]

mod client;
mod config;
pub mod data_sources;
mod diagnostics;
mod facts;
pub mod functions;
mod in_state;
mod journal;
mod ledger;
pub mod resources;
mod rfc3339;
mod table_name;
#[cfg(test)]
mod testing;

pub use client::Client;
pub use config::Config;

use tfsdk::{
    ConfigureRequest, Cx, Diagnostics, DynDataSource, DynFunction, DynResource, Provider, Review, Schema,
    Walk,
};

/// The provider `dynamodb-backup/dynamodb`.
#[derive(Debug, Clone, Copy)]
pub struct DynamoDb;

/// The version of this provider.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The address under which Terraform's registry knows the provider.
pub const ADDRESS: &str = "registry.terraform.io/dynamodb-backup/dynamodb";

impl Provider for DynamoDb {
    const NAME: &'static str = "dynamodb";
    type Config = Config;
    type Client = Client;

    fn schema() -> Schema {
        config::schema()
    }

    fn validate(config: &Config) -> Diagnostics {
        config.validate()
    }

    fn review(config: &Config, walk: Walk) -> Review {
        config.review(walk)
    }

    async fn configure(
        config: Config,
        request: ConfigureRequest,
        cx: &Cx,
    ) -> Result<Option<Client>, Diagnostics> {
        if let Some(warning) = config.lowered_rules() {
            cx.warn(warning);
        }
        client::connect(&config, &request).await
    }

    fn resources() -> Vec<Box<dyn DynResource<Client>>> {
        resources::ALL.iter().map(|resource| resource()).collect()
    }

    fn data_sources() -> Vec<Box<dyn DynDataSource<Client>>> {
        data_sources::ALL
            .iter()
            .map(|data_source| data_source())
            .collect()
    }

    fn functions() -> Vec<Box<dyn DynFunction>> {
        functions::ALL.iter().map(|function| function()).collect()
    }
}
