//! A small provider for the tests of the wire, which start it as a process of its own.
//!
//! What an object's creation does beside succeeding is asked for by its `behaviour`.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use tfsdk::{
    Attr, Attribute, Change, ConfigureRequest, Create, Cx, DataSource, Delete, Diagnostic, Diagnostics,
    DynDataSource, DynFunction, DynResource, Function, FunctionError, IdentityAttribute, IdentitySchema,
    ImportTarget, Parameter, Path, Planned, Provider, Resource, Saved, Schema, Sensitive, Signature, Type,
    Update, Value, erase, erase_data_source, erase_function, model,
};

const OPTIONS: tfplugin::Options = tfplugin::Options {
    address: "registry.terraform.io/testing/test",
    log_targets: &["tfplugin_test_provider"],
};

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "--debug") {
        tfplugin::serve_debug::<Test>(&OPTIONS)
    } else {
        tfplugin::serve::<Test>(&OPTIONS)
    }
}

struct Test;

model! {
    /// The provider block.
    struct Config {
        /// Fails to configure with this text.
        refuse: String,
        endpoints: Vec<Attr<Endpoint>>,
    }
}

model! {
    /// A nested block.
    struct Endpoint {
        url: String,
    }
}

/// What configuration yields.
struct Client {
    terraform_version: String,
}

impl Provider for Test {
    const NAME: &'static str = "test";
    type Config = Config;
    type Client = Client;

    fn schema() -> Schema {
        Schema::new("A provider for tests.")
            .attributes([Attribute::string("refuse")
                .optional()
                .describe("Refuses with this text.")])
            .blocks([tfsdk::Block::list(
                "endpoints",
                [Attribute::string("url").optional().describe("A URL.")],
            )
            .describe("Endpoints.")
            .at_most(1)])
    }

    async fn configure(
        config: Config,
        request: ConfigureRequest,
        _cx: &Cx,
    ) -> Result<Option<Client>, Diagnostics> {
        match config.refuse {
            Attr::Known(text) => Err(Diagnostic::error("Refused", text).at(Path::of("refuse")).into()),
            Attr::Unknown => Ok(None),
            Attr::Null => Ok(Some(Client {
                terraform_version: request.terraform_version,
            })),
        }
    }

    fn resources() -> Vec<Box<dyn DynResource<Client>>> {
        vec![erase::<Plain>(), erase::<Thing>()]
    }

    fn data_sources() -> Vec<Box<dyn DynDataSource<Client>>> {
        vec![erase_data_source::<Lookup>()]
    }

    fn functions() -> Vec<Box<dyn DynFunction>> {
        vec![erase_function::<Shout>()]
    }
}

/// A resource with about everything: identity, write-only and nested attributes.
struct Thing;

model! {
    struct ThingModel {
        id: String,
        name: String,
        size: i64,
        behaviour: String,
        secret: Sensitive<String>,
        tags: std::collections::BTreeMap<String, Attr<String>>,
        parts: Vec<Attr<Part>>,
    }
}

model! {
    struct Part {
        label: String,
    }
}

impl Resource for Thing {
    const NAME: &'static str = "thing";
    type Model = ThingModel;
    type Client = Client;
    type Observed = ();

    fn schema() -> Schema {
        let mut schema = Schema::new("A thing.").attributes([
            Attribute::string("id")
                .computed()
                .keeps()
                .describe("Made by the provider."),
            Attribute::string("name")
                .required()
                .replaces()
                .describe("Its name."),
            Attribute::number("size")
                .default_value(Value::integer(1))
                .describe("Its size."),
            Attribute::string("behaviour")
                .optional()
                .describe("What goes wrong."),
            Attribute::string("secret")
                .optional()
                .write_only()
                .sensitive()
                .describe("A secret."),
            Attribute::of("tags", Type::map(Type::String))
                .optional()
                .deprecated("Use parts.")
                .describe("Tags."),
            Attribute::nested_list(
                "parts",
                [Attribute::string("label").required().describe("A label.")],
            )
            .optional()
            .describe("Parts."),
        ]);
        schema.version = 2;
        schema
    }

    fn identity_schema() -> Option<IdentitySchema> {
        Some(IdentitySchema {
            version: 1,
            attributes: vec![IdentityAttribute {
                name: "id",
                ty: Type::String,
                required_for_import: true,
                description: "The id.",
            }],
        })
    }

    fn identity(state: &ThingModel) -> Option<Value> {
        state
            .id
            .known()
            .map(|id| Value::object([("id", Value::string(id))]))
    }

    fn validate(config: &ThingModel) -> Diagnostics {
        match &config.size {
            Attr::Known(size) if *size < 0 => Diagnostic::error(
                "Size Is Negative",
                format!("The size is {size}; it must be 0 or more."),
            )
            .at(Path::of("size"))
            .into(),
            _ => Diagnostics::new(),
        }
    }

    fn plan(change: Change<ThingModel>, _seen: ()) -> Planned<ThingModel> {
        let (Change::Create { proposed, .. }
        | Change::Update { proposed, .. }
        | Change::Destroy { prior: proposed }) = change;
        assert!(
            proposed.behaviour != Attr::from("panic in plan"),
            "the plan panics"
        );
        Planned::new(proposed)
    }

    async fn read(_client: &Client, state: ThingModel, _cx: &Cx) -> Result<Option<ThingModel>, Diagnostics> {
        match state.id.known() {
            Some(id) if id == "gone" => Ok(None),
            // After an import only the id is set.
            Some(id) if state.name.is_null() => Ok(Some(ThingModel {
                name: Attr::Known(id.trim_start_matches("thing-").to_owned()),
                size: Attr::Known(1),
                ..state
            })),
            _ => Ok(Some(state)),
        }
    }

    async fn create(
        client: &Client,
        create: Create<ThingModel>,
        saved: &mut Saved<'_, ThingModel>,
        cx: &Cx,
    ) -> Result<ThingModel, Diagnostics> {
        let mut made = create.planned;
        let name = made.name.known().cloned().unwrap_or_default();
        made.id = Attr::Known(format!("thing-{name}"));
        let behaviour = made.behaviour.known().cloned().unwrap_or_default();
        match behaviour.as_str() {
            "panic" => panic!("the {name} fell over\nand broke"),
            "panic after save" => {
                saved.save(&made);
                panic!("too late");
            }
            "wait" => {
                saved.save(&made);
                tracing::info!("waiting");
                tokio::select! {
                    () = cx.cancel().cancelled() => {
                        tracing::info!("interrupted");
                        return Err(Diagnostic::error("Interrupted", "The wait was interrupted.").into());
                    }
                    () = tokio::time::sleep(Duration::from_secs(60)) => {}
                }
            }
            "sleep without looking" => tokio::time::sleep(Duration::from_secs(60)).await,
            "print" => {
                let mut out = std::io::stdout().lock();
                out.write_all(&[b'x'; 1 << 20])
                    .and_then(|()| out.flush())
                    .expect("a place to write to");
            }
            "log" => {
                tracing::info!(
                    version = client.terraform_version,
                    text = "y".repeat(200_000),
                    "{}",
                    "x".repeat(200_000)
                );
            }
            "warn" => cx.warn(Diagnostic::warning("Odd", "It is odd.").at(Path::of("tags").key("a"))),
            _ => {}
        }
        cx.set_private("made_with", create.config.secret.known().is_some().into());
        Ok(made)
    }

    async fn update(
        _client: &Client,
        update: Update<ThingModel>,
        _saved: &mut Saved<'_, ThingModel>,
        _cx: &Cx,
    ) -> Result<ThingModel, Diagnostics> {
        Ok(update.planned)
    }

    async fn delete(_client: &Client, delete: Delete<ThingModel>, _cx: &Cx) -> Result<(), Diagnostics> {
        match delete.state.behaviour.known() {
            Some(behaviour) if behaviour == "keep" => {
                Err(Diagnostic::error("Not Deleted", "It wants to stay.").into())
            }
            _ => Ok(()),
        }
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<ThingModel, Diagnostics>> = Some(|target| {
        let id = match target {
            ImportTarget::Id(id) => id,
            ImportTarget::Identity(identity) => match identity.attribute("id") {
                Value::String(id) => id.clone(),
                _ => return Err(Diagnostic::error("No Id", "The identity has no id.").into()),
            },
        };
        Ok(ThingModel {
            id: Attr::Known(id),
            ..ThingModel::default()
        })
    });
}

/// A resource without identity and import.
struct Plain;

model! {
    struct PlainModel {
        text: String,
    }
}

impl Resource for Plain {
    const NAME: &'static str = "plain";
    type Model = PlainModel;
    type Client = Client;
    type Observed = ();

    fn schema() -> Schema {
        Schema::new("A plain text.").attributes([Attribute::string("text").optional().describe("The text.")])
    }

    async fn read(_client: &Client, state: PlainModel, _cx: &Cx) -> Result<Option<PlainModel>, Diagnostics> {
        Ok(Some(state))
    }

    async fn create(
        _client: &Client,
        create: Create<PlainModel>,
        _saved: &mut Saved<'_, PlainModel>,
        _cx: &Cx,
    ) -> Result<PlainModel, Diagnostics> {
        Ok(create.planned)
    }

    async fn update(
        _client: &Client,
        update: Update<PlainModel>,
        _saved: &mut Saved<'_, PlainModel>,
        _cx: &Cx,
    ) -> Result<PlainModel, Diagnostics> {
        Ok(update.planned)
    }

    async fn delete(_client: &Client, _delete: Delete<PlainModel>, _cx: &Cx) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// Gives the version of Terraform, and the key backwards.
struct Lookup;

model! {
    struct LookupModel {
        key: String,
        value: String,
        version: String,
    }
}

impl DataSource for Lookup {
    const NAME: &'static str = "lookup";
    type Model = LookupModel;
    type Client = Client;

    fn schema() -> Schema {
        Schema::new("A lookup.").attributes([
            Attribute::string("key").required().describe("The key."),
            Attribute::string("value")
                .computed()
                .describe("The key backwards."),
            Attribute::string("version")
                .computed()
                .describe("The version of Terraform."),
        ])
    }

    async fn read(client: &Client, config: LookupModel, _cx: &Cx) -> Result<LookupModel, Diagnostics> {
        let key = config.key.known().cloned().unwrap_or_default();
        Ok(LookupModel {
            value: Attr::Known(key.chars().rev().collect()),
            version: Attr::Known(client.terraform_version.clone()),
            ..config
        })
    }
}

/// Joins texts in capital letters; the first is the one between them.
struct Shout;

impl Function for Shout {
    const NAME: &'static str = "shout";

    fn signature() -> Signature {
        let text = |name, allow_null| Parameter {
            name,
            ty: Type::String,
            allow_null,
            allow_unknown: false,
            description: "A text.",
        };
        Signature {
            summary: "Joins texts, loudly",
            description: "Joins texts in capital letters.",
            parameters: vec![text("separator", true)],
            variadic: Some(text("texts", false)),
            result: Type::String,
        }
    }

    fn call(arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let mut texts = Vec::new();
        for (at, argument) in arguments.iter().enumerate() {
            match argument {
                Value::String(text) if text == "panic" => panic!("the function panics"),
                Value::String(text) if text.is_empty() && at > 0 => {
                    return Err(FunctionError {
                        text: "a text is empty".to_owned(),
                        argument: Some(at),
                    });
                }
                Value::String(text) => texts.push(text.to_uppercase()),
                _ => texts.push(String::new()),
            }
        }
        let separator = texts.remove(0);
        Ok(Value::String(texts.join(&separator)))
    }
}
