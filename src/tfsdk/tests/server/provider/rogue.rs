//! A resource that breaks the promise that its argument `act` names, and one that offers next to nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use tfsdk::{
    Attribute, Change, Create, Cx, Delete, Diagnostic, Diagnostics, IdentityAttribute, IdentitySchema,
    ImportTarget, Model, ModelError, Path, Planned, Resource, Saved, Schema, Type, Update, Value,
};

use super::World;

/// An object as it is, so that the rogue can answer with anything.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Raw(Value);

impl Model for Raw {
    fn from_value(value: &Value) -> Result<Self, ModelError> {
        Ok(Self(value.clone()))
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

impl Raw {
    fn act(&self) -> String {
        match self.0.attribute("act") {
            Value::String(act) => act.clone(),
            _ => String::new(),
        }
    }

    fn set(mut self, name: &str, value: Value) -> Self {
        self.attributes().insert(name.to_owned(), value);
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.attributes().remove(name);
        self
    }

    fn attributes(&mut self) -> &mut BTreeMap<String, Value> {
        match &mut self.0 {
            Value::Object(attributes) => attributes,
            other => panic!("not an object: {other:?}"),
        }
    }

    /// What was planned as unknown, made known.
    fn filled(mut self) -> Self {
        for (name, value) in self.attributes() {
            if value.is_unknown() {
                *value = match name.as_str() {
                    "size" => Value::integer(1),
                    _ => Value::string(name.as_str()),
                };
            }
        }
        self
    }
}

/// The resource.
pub(crate) struct Rogue;

impl Resource for Rogue {
    const NAME: &'static str = "rogue";
    type Model = Raw;
    type Client = Arc<World>;
    type Observed = ();

    fn schema() -> Schema {
        let attribute = |attribute: Attribute| attribute.describe("For tests.");
        Schema::new("A rogue.").attributes([
            attribute(Attribute::string("act")),
            attribute(Attribute::string("name")),
            attribute(Attribute::string("other")),
            attribute(Attribute::string("password").write_only()),
            attribute(Attribute::of("words", Type::set(Type::String))),
            attribute(Attribute::nested_single(
                "inner",
                [
                    attribute(Attribute::string("name")),
                    attribute(Attribute::string("password").write_only()),
                ],
            )),
            attribute(Attribute::nested_set(
                "set",
                [attribute(Attribute::string("name"))],
            )),
            attribute(Attribute::string("arn").computed().keeps()),
            attribute(Attribute::number("size").computed()),
        ])
    }

    fn identity_schema() -> Option<IdentitySchema> {
        Some(IdentitySchema {
            version: 0,
            attributes: vec![IdentityAttribute {
                name: "arn",
                ty: Type::String,
                required_for_import: true,
                description: "Its ARN.",
            }],
        })
    }

    fn identity(state: &Raw) -> Option<Value> {
        let identity = |arn: Value| Some(Value::object([("arn", arn)]));
        match state.act().as_str() {
            "identity missing" => None,
            "identity unknown" => identity(Value::Unknown),
            "identity of another type" => identity(Value::Bool(true)),
            "identity panics" => panic!("who am I"),
            "identity changes" => identity(Value::string("another")),
            _ => identity(state.0.attribute("arn").clone()),
        }
    }

    fn validate(config: &Raw) -> Diagnostics {
        if config.act() == "validate panics" {
            panic!("invalid");
        }
        Diagnostics::new()
    }

    async fn observe(_: &Arc<World>, change: &Change<Raw>, _: &Cx) -> Result<(), Diagnostics> {
        if change
            .config()
            .is_some_and(|config| config.act() == "observe panics")
        {
            panic!("blind");
        }
        Ok(())
    }

    fn plan(change: Change<Raw>, (): ()) -> Planned<Raw> {
        let (Change::Create { proposed, .. } | Change::Update { proposed, .. }) = &change else {
            let prior = change.prior().expect("there is one").clone();
            return Planned::new(prior);
        };
        let proposed = proposed.clone();
        let mut planned = Planned::new(proposed.clone());
        planned.model = match proposed.act().as_str() {
            "plan panics" => panic!("no plan"),
            "plan alters a value" => proposed.set("name", Value::string("altered")),
            "plan makes up a value" => proposed.set("other", Value::string("made up")),
            "plan forgets a value" => proposed.set("name", Value::Null),
            "plan hides a value" => proposed.set("name", Value::Unknown),
            "plan alters a nested value" => {
                let inner = Raw(proposed.0.attribute("inner").clone());
                proposed.set("inner", inner.set("name", Value::string("altered")).0)
            }
            "plan alters a set" => {
                let other = Value::object([("name", Value::string("altered"))]);
                proposed.set("set", Value::Set(vec![other]))
            }
            "plan is missing" => Raw(Value::Null),
            "plan lacks an attribute" => proposed.without("size"),
            "plan has another attribute" => proposed.set("bogus", Value::Null),
            "plan has a wrong type" => proposed.set("arn", Value::Bool(true)),
            "plan keeps secrets" => {
                let config = change.config().expect("it is no destroy");
                let inner = Raw(config.0.attribute("inner").clone());
                proposed
                    .set("password", config.0.attribute("password").clone())
                    .set("inner", inner.0)
            }
            "plan replaces nowhere" => {
                planned.replace.push(Path::of("bogus"));
                proposed
            }
            _ => proposed,
        };
        planned
    }

    async fn read(_: &Arc<World>, state: Raw, _: &Cx) -> Result<Option<Raw>, Diagnostics> {
        Ok(match state.act().as_str() {
            "read panics" => panic!("illegible"),
            "read fails" => return Err(Diagnostic::error("Throttled", "Try again.").into()),
            "read leaves something unknown" => Some(state.set("size", Value::Unknown)),
            "read lacks an attribute" => Some(state.without("size")),
            "read keeps secrets" => Some(state.set("password", Value::string("hunter2"))),
            "read is gone" => None,
            _ => Some(state.filled()),
        })
    }

    async fn create(
        _: &Arc<World>,
        create: Create<Raw>,
        saved: &mut Saved<'_, Raw>,
        _: &Cx,
    ) -> Result<Raw, Diagnostics> {
        let (config, planned) = (create.config, create.planned);
        let filled = planned.clone().filled();
        Ok(match planned.act().as_str() {
            "create panics at once" => panic!("not ready"),
            "create panics after a save" => {
                saved.save(&filled);
                panic!("gave up")
            }
            "create saves a wrong type" => {
                saved.save(&filled.set("size", Value::string("big")));
                return Err(Diagnostic::error("Wait failed", "It is there.").into());
            }
            "create leaves something unknown" => filled.set("arn", Value::Unknown),
            "create alters a value" => filled.set("name", Value::string("altered")),
            "create sets what was planned as null" => filled.set("other", Value::string("set")),
            "create adds to a set" => filled.set("words", Value::Set(vec![Value::string("more")])),
            "create lacks an attribute" => filled.without("size"),
            "create returns nothing" => Raw(Value::Null),
            "create returns nothing after a save" => {
                saved.save(&filled);
                Raw(Value::Null)
            }
            "create keeps secrets" => filled.set("password", config.0.attribute("password").clone()),
            _ => filled,
        })
    }

    async fn update(
        _: &Arc<World>,
        update: Update<Raw>,
        _: &mut Saved<'_, Raw>,
        _: &Cx,
    ) -> Result<Raw, Diagnostics> {
        let filled = update.planned.clone().filled();
        Ok(match filled.act().as_str() {
            "update alters a value" => filled.set("name", Value::string("altered")),
            "update returns nothing" => Raw(Value::Null),
            _ => filled,
        })
    }

    async fn delete(_: &Arc<World>, delete: Delete<Raw>, _: &Cx) -> Result<(), Diagnostics> {
        if delete.state.act() == "delete panics" {
            panic!("clinging");
        }
        Ok(())
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<Raw, Diagnostics>> = Some(|target| {
        let ImportTarget::Id(id) = target else {
            return Err(Diagnostic::error("Wrong target", "Give an id.").into());
        };
        let Type::Object(types) = Self::schema().ty() else {
            panic!("a schema is an object");
        };
        let nothing = Value::object(types.into_keys().map(|name| (name, Value::Null)));
        let state = Raw(nothing).set("arn", Value::string("arn"));
        Ok(match id.as_str() {
            "unknown" => state.set("size", Value::Unknown),
            "incomplete" => state.without("size"),
            act => state.set("act", Value::string(act)),
        })
    });
}

/// A resource that offers next to nothing: no identity, no import.
pub(crate) struct Simple;

impl Resource for Simple {
    const NAME: &'static str = "simple";
    type Model = Raw;
    type Client = Arc<World>;
    type Observed = ();

    fn schema() -> Schema {
        Schema::new("Next to nothing.")
            .attributes([Attribute::string("name").required().describe("For tests.")])
    }

    async fn read(_: &Arc<World>, state: Raw, _: &Cx) -> Result<Option<Raw>, Diagnostics> {
        Ok(Some(state))
    }

    async fn create(
        _: &Arc<World>,
        create: Create<Raw>,
        _: &mut Saved<'_, Raw>,
        _: &Cx,
    ) -> Result<Raw, Diagnostics> {
        Ok(create.planned)
    }

    async fn update(
        _: &Arc<World>,
        update: Update<Raw>,
        _: &mut Saved<'_, Raw>,
        _: &Cx,
    ) -> Result<Raw, Diagnostics> {
        Ok(update.planned)
    }

    async fn delete(_: &Arc<World>, _: Delete<Raw>, _: &Cx) -> Result<(), Diagnostics> {
        Ok(())
    }
}
