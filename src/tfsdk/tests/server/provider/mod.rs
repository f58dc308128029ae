//! The provider of these tests, made with the public API only.

mod rogue;
mod thing;
mod world;

use crate::terraform::Terraform;
use tfsdk::{
    Attr, Attribute, ConfigureRequest, Cx, DataSource, Diagnostic, Diagnostics, DynDataSource, DynFunction,
    DynResource, Function, FunctionError, Parameter, Path, Provider, Review, Schema, Signature, Type, Value,
    Walk, erase, erase_data_source, erase_function,
};

pub(crate) use world::World;

/// The provider: things that behave, and a rogue that does what its configuration says.
pub(crate) struct Test;

/// Terraform with the provider, and the world that the provider changes. Each test has a world of its own.
pub(crate) async fn terraform(world: &str) -> (Terraform<Test>, std::sync::Arc<World>) {
    let config = Value::object([("world", Value::string(world))]);
    let terraform = Terraform::new(config)
        .await
        .expect("the provider takes its configuration");
    (terraform, World::named(world))
}

/// The same with a provider block that says what becomes of the messages of checks.
pub(crate) async fn terraform_that_reviews(
    world: &str,
    checks: Value,
) -> (Terraform<Test>, std::sync::Arc<World>) {
    let config = Value::object([("world", Value::string(world)), ("checks", checks)]);
    let terraform = Terraform::new(config)
        .await
        .expect("the provider takes its configuration");
    (terraform, World::named(world))
}

/// Terraform with the provider while its configuration is not known.
pub(crate) async fn terraform_without_client() -> Terraform<Test> {
    let config = Value::object([("world", Value::Unknown)]);
    Terraform::new(config)
        .await
        .expect("an unknown configuration is no error")
}

tfsdk::model! {
    /// The provider block.
    pub(crate) struct Config {
        world: String,
        checks: String,
    }
}

impl Provider for Test {
    const NAME: &'static str = "test";
    type Config = Config;
    type Client = std::sync::Arc<World>;

    fn schema() -> Schema {
        Schema::new("A provider for tests.").attributes([
            Attribute::string("world")
                .required()
                .describe("Name of the world to change."),
            Attribute::string("checks").describe("What becomes of what checks find: off, warning or error."),
        ])
    }

    fn validate(config: &Config) -> Diagnostics {
        match &config.world {
            Attr::Known(world) if world == "panic" => panic!("no such world"),
            Attr::Known(world) if world.is_empty() => Diagnostic::error("No world", "Name one.")
                .at(Path::of("world"))
                .into(),
            _ => Diagnostics::new(),
        }
    }

    fn review(config: &Config, walk: Walk) -> Review {
        let level = match (&config.checks, walk) {
            (Attr::Known(level), _) => level.clone(),
            // Asked again when it is known.
            (Attr::Unknown, Walk::Validate) => "off".to_owned(),
            (Attr::Null, _) | (Attr::Unknown, Walk::Plan) => return Review::default(),
        };
        Review::new(move |it| match level.as_str() {
            "off" => None,
            "warning" => Some(Diagnostic::warning(it.summary, it.detail)),
            "error" => Some(Diagnostic::error(it.summary, it.detail)),
            other => panic!("no such level: {other}"),
        })
    }

    async fn configure(
        config: Config,
        request: ConfigureRequest,
        cx: &Cx,
    ) -> Result<Option<Self::Client>, Diagnostics> {
        match config.world {
            Attr::Null => Err(Diagnostic::error("No world", "Name one.").into()),
            Attr::Unknown => Ok(None),
            Attr::Known(name) if name == "beyond" => panic!("there is nothing beyond"),
            Attr::Known(name) => {
                if request.terraform_version.is_empty() {
                    cx.warn(Diagnostic::warning(
                        "Old Terraform",
                        "It does not say its version.",
                    ));
                }
                Ok(Some(World::named(&name)))
            }
        }
    }

    fn resources() -> Vec<Box<dyn DynResource<Self::Client>>> {
        vec![
            erase::<rogue::Rogue>(),
            erase::<rogue::Simple>(),
            erase::<thing::Thing>(),
        ]
    }

    fn data_sources() -> Vec<Box<dyn DynDataSource<Self::Client>>> {
        vec![erase_data_source::<Things>()]
    }

    fn functions() -> Vec<Box<dyn DynFunction>> {
        vec![erase_function::<Shout>()]
    }
}

tfsdk::model! {
    /// The data source.
    pub(crate) struct ThingsModel {
        prefix: String,
        limit: i64,
        act: String,
        names: Vec<Attr<String>>,
    }
}

/// Names of the things there are.
struct Things;

impl DataSource for Things {
    const NAME: &'static str = "things";
    type Model = ThingsModel;
    type Client = std::sync::Arc<World>;

    fn schema() -> Schema {
        Schema::new("The things there are.").attributes([
            Attribute::string("prefix").describe("Beginning of their names."),
            Attribute::number("limit")
                .default_value(Value::integer(10))
                .describe("The most to give."),
            Attribute::string("act").describe("How to misbehave."),
            Attribute::of("names", Type::list(Type::String))
                .computed()
                .describe("Their names."),
        ])
    }

    fn validate(config: &ThingsModel) -> Diagnostics {
        match config.prefix.known() {
            Some(prefix) if prefix.contains('*') => Diagnostic::error("No patterns", "Write a prefix.")
                .at(Path::of("prefix"))
                .into(),
            _ => Diagnostics::new(),
        }
    }

    async fn read(client: &Self::Client, config: ThingsModel, cx: &Cx) -> Result<ThingsModel, Diagnostics> {
        let mut model = config.clone();
        let prefix = config.prefix.into_known().unwrap_or_default();
        let limit = config.limit.into_known().expect("it has a default");
        let names = client.names(&prefix);
        let names = names
            .into_iter()
            .take(limit.unsigned_abs() as usize)
            .map(Attr::Known)
            .collect();
        model.names = Attr::Known(names);
        cx.warn(Diagnostic::warning("Read", "Just now."));
        match config.act.known().map(String::as_str) {
            Some("panic") => panic!("out of things"),
            Some("fail") => Err(Diagnostic::error("No things", "None at all.").into()),
            Some("unknown") => Ok(ThingsModel {
                names: Attr::Unknown,
                ..model
            }),
            Some("alter") => Ok(ThingsModel {
                limit: Attr::Known(3),
                ..model
            }),
            Some("make_up") => Ok(ThingsModel {
                prefix: Attr::Known("made up".to_owned()),
                ..model
            }),
            _ => Ok(model),
        }
    }
}

/// Upper-cases and joins.
struct Shout;

impl Function for Shout {
    const NAME: &'static str = "shout";

    fn signature() -> Signature {
        let parameter = |name| Parameter {
            name,
            ty: Type::String,
            allow_null: false,
            allow_unknown: false,
            description: "A word.",
        };
        Signature {
            summary: "Shouts.",
            description: "Upper-cases its words and joins them.",
            parameters: vec![parameter("word")],
            variadic: Some(parameter("more")),
            result: Type::String,
        }
    }

    fn call(arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let mut words = Vec::new();
        for (index, argument) in arguments.iter().enumerate() {
            match argument {
                Value::String(word) if word == "panic" => panic!("too loud"),
                Value::String(word) if word == "number" => return Ok(Value::integer(1)),
                Value::String(word) if word == "unknown" => return Ok(Value::Unknown),
                Value::String(word) if word.is_empty() => {
                    return Err(FunctionError {
                        text: "a word is empty".to_owned(),
                        argument: Some(index),
                    });
                }
                Value::String(word) => words.push(word.to_uppercase()),
                other => panic!("Terraform converts arguments, and gave {other:?}"),
            }
        }
        Ok(Value::string(words.join(" ")))
    }
}
