//! What the check of a whole provider finds, in a good one and in a bad one.

use crate::terraform::Terraform;
use tfsdk::{
    Attribute, ConfigureRequest, Create, Cx, DataSource, Delete, Diagnostics, DynDataSource, DynFunction,
    DynResource, Function, FunctionError, IdentityAttribute, IdentitySchema, Parameter, Provider, Resource,
    Saved, Schema, Server, Signature, Type, Update, Value, erase, erase_data_source, erase_function,
};

use crate::provider::Test;

#[test]
fn the_provider_of_these_tests_is_fit_to_be_served() {
    assert_eq!(Server::<Test>::faults(), Vec::<String>::new());
}

tfsdk::model! {
    struct Nothing {}
}

struct Bad;
struct BadResource;
struct BadDataSource;
struct BadFunction;

impl Provider for Bad {
    const NAME: &'static str = "bad";
    type Config = Nothing;
    type Client = ();

    fn schema() -> Schema {
        Schema::new("Bad.").attributes([
            Attribute::string("alias").describe("d"),
            Attribute::string("region").optional_computed().describe("d"),
        ])
    }

    async fn configure(_: Nothing, _: ConfigureRequest, _: &Cx) -> Result<Option<()>, Diagnostics> {
        Ok(Some(()))
    }

    fn resources() -> Vec<Box<dyn DynResource<()>>> {
        vec![erase::<BadResource>(), erase::<BadResource>()]
    }

    fn data_sources() -> Vec<Box<dyn DynDataSource<()>>> {
        vec![erase_data_source::<BadDataSource>()]
    }

    fn functions() -> Vec<Box<dyn DynFunction>> {
        vec![erase_function::<BadFunction>()]
    }
}

impl Resource for BadResource {
    const NAME: &'static str = "thing";
    type Model = Nothing;
    type Client = ();
    type Observed = ();

    fn schema() -> Schema {
        Schema {
            version: 1,
            ..Schema::new("Bad.")
        }
    }

    fn identity_schema() -> Option<IdentitySchema> {
        Some(IdentitySchema {
            version: 0,
            attributes: vec![IdentityAttribute {
                name: "tags",
                ty: Type::map(Type::String),
                required_for_import: false,
                description: "",
            }],
        })
    }

    async fn read((): &(), state: Nothing, _: &Cx) -> Result<Option<Nothing>, Diagnostics> {
        Ok(Some(state))
    }

    async fn create(
        (): &(),
        create: Create<Nothing>,
        _: &mut Saved<'_, Nothing>,
        _: &Cx,
    ) -> Result<Nothing, Diagnostics> {
        Ok(create.planned)
    }

    async fn update(
        (): &(),
        update: Update<Nothing>,
        _: &mut Saved<'_, Nothing>,
        _: &Cx,
    ) -> Result<Nothing, Diagnostics> {
        Ok(update.planned)
    }

    async fn delete((): &(), _: Delete<Nothing>, _: &Cx) -> Result<(), Diagnostics> {
        Ok(())
    }
}

impl DataSource for BadDataSource {
    const NAME: &'static str = "Things";
    type Model = Nothing;
    type Client = ();

    fn schema() -> Schema {
        Schema::new("Bad.").attributes([Attribute::string("name").replaces().describe("d")])
    }

    async fn read((): &(), config: Nothing, _: &Cx) -> Result<Nothing, Diagnostics> {
        Ok(config)
    }
}

impl Function for BadFunction {
    const NAME: &'static str = "f";

    fn signature() -> Signature {
        let parameter = || Parameter {
            name: "x",
            ty: Type::String,
            allow_null: false,
            allow_unknown: false,
            description: "An x.",
        };
        Signature {
            summary: "",
            description: "Does things.",
            parameters: vec![parameter()],
            variadic: Some(parameter()),
            result: Type::String,
        }
    }

    fn call(_: Vec<Value>) -> Result<Value, FunctionError> {
        Ok(Value::Null)
    }
}

#[test]
fn every_fault_is_named() {
    assert_eq!(
        Server::<Bad>::faults(),
        [
            "provider: alias: the name is reserved by Terraform",
            "provider: region: computed, write-only or modified inside a block, which is the user's alone",
            "resources: thing is there twice",
            "resource thing: the schema has version 1, so it needs upgrades from [0], and has them from []",
            "resource thing: identity: an import needs no attribute, so it would name no object",
            "resource thing: identity tags: not documented",
            "resource thing: identity tags: neither a bool, number or string nor a list of them",
            "resource thing: the schema has version 1, so it needs upgrades from [0], and has them from []",
            "resource thing: identity: an import needs no attribute, so it would name no object",
            "resource thing: identity tags: not documented",
            "resource thing: identity tags: neither a bool, number or string nor a list of them",
            "data sources: \"Things\" is not a name of lower-case letters, digits and underscores",
            "data source Things: name: a data source has no plan, so nothing in it is write-only or modified",
            "function f: not documented",
            "function f: x: declared twice",
        ]
    );
}

/// A client that is nothing at all is still a client.
#[tokio::test]
async fn a_client_may_be_empty() {
    let terraform = Terraform::<Bad>::unconfigured();
    let found = terraform
        .server()
        .configure(&Value::object::<String>([]), ConfigureRequest::default())
        .await;
    assert!(found.is_empty());
    let read = terraform
        .server()
        .read_data_source("bad_Things", Value::object([("name", Value::Null)]));
    assert!(read.await.is_err(), "its model lacks the attribute");
}
