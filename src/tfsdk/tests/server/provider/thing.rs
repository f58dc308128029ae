//! A resource with one of everything that schemas offer.

use std::collections::BTreeMap;
use std::sync::Arc;

use tfsdk::schema::{Modifier, Validator};
use tfsdk::{
    Attr, Attribute, Block, Change, Create, Cx, Delete, Diagnostic, Diagnostics, IdentityAttribute,
    IdentitySchema, ImportTarget, Operation, Path, Planned, Resource, Saved, Schema, Sensitive, SetOf,
    Timeouts, Type, Update, Upgrade, Value, timeouts_attribute,
};

use super::World;

tfsdk::model! {
    /// A thing.
    pub(crate) struct Model {
        name: String,
        region: String,
        days: i64,
        mode: String,
        place: String,
        note: String,
        secret: Sensitive<String>,
        password: Sensitive<String>,
        tags: BTreeMap<String, Attr<String>>,
        zones: SetOf<String>,
        limits: Limits,
        rules: BTreeMap<String, Attr<Rule>>,
        steps: Vec<Attr<Step>>,
        peers: SetOf<Peer>,
        origin: Origin,
        arn: String,
        revision: i64,
        timeouts: Timeouts,
        window: Vec<Attr<Window>>,
    }
}

tfsdk::model! {
    /// How much.
    pub(crate) struct Limits {
        read: i64,
        write: i64,
        token: Sensitive<String>,
    }
}

tfsdk::model! {
    /// When.
    pub(crate) struct Rule {
        schedule: String,
        keep: i64,
        id: String,
    }
}

tfsdk::model! {
    /// What next.
    pub(crate) struct Step {
        action: String,
        id: String,
    }
}

tfsdk::model! {
    /// With whom.
    pub(crate) struct Peer {
        name: String,
        weight: i64,
    }
}

tfsdk::model! {
    /// From where.
    pub(crate) struct Origin {
        table: String,
        size: i64,
    }
}

tfsdk::model! {
    /// Until when.
    pub(crate) struct Window {
        until: String,
    }
}

/// The resource.
pub(crate) struct Thing;

fn schema() -> Schema {
    let attribute = |attribute: Attribute| attribute.describe("For tests.");
    let mut schema = Schema::new("A thing.")
        .attributes([
            attribute(
                Attribute::string("name")
                    .required()
                    .replaces()
                    .validate(Validator::NotEmpty),
            ),
            attribute(Attribute::string("region").optional_computed().keeps().replaces()),
            attribute(
                Attribute::number("days")
                    .default_value(Value::integer(35))
                    .validate(Validator::Between(1, 35)),
            ),
            attribute(Attribute::string("mode").validate(Validator::OneOf(&["slow", "fast"]))),
            attribute(Attribute::string("place").modify(Modifier::ReplaceIfConfigured)),
            attribute(Attribute::string("note").deprecated("Use tags.")),
            attribute(
                Attribute::string("secret")
                    .sensitive()
                    .validate(Validator::OneOf(&["hush", "wait"])),
            ),
            attribute(Attribute::string("password").write_only()),
            attribute(Attribute::of("tags", Type::map(Type::String))),
            attribute(Attribute::of("zones", Type::set(Type::String))),
            attribute(Attribute::nested_single(
                "limits",
                [
                    attribute(Attribute::number("read").required()),
                    attribute(Attribute::number("write").default_value(Value::integer(5))),
                    attribute(Attribute::string("token").write_only()),
                ],
            )),
            attribute(Attribute::nested_map(
                "rules",
                [
                    attribute(Attribute::string("schedule").required().replaces()),
                    attribute(Attribute::number("keep").default_value(Value::integer(7))),
                    attribute(Attribute::string("id").computed().keeps()),
                ],
            )),
            attribute(Attribute::nested_list(
                "steps",
                [
                    attribute(Attribute::string("action").required()),
                    attribute(Attribute::string("id").computed().keeps()),
                ],
            )),
            attribute(Attribute::nested_set(
                "peers",
                [
                    attribute(Attribute::string("name").required()),
                    attribute(Attribute::number("weight").validate(Validator::Between(0, 9))),
                ],
            )),
            attribute(
                Attribute::nested_single(
                    "origin",
                    [
                        attribute(Attribute::string("table").computed()),
                        attribute(Attribute::number("size").computed()),
                    ],
                )
                .computed()
                .keeps(),
            ),
            attribute(Attribute::string("arn").computed().keeps()),
            attribute(Attribute::number("revision").computed()),
            timeouts_attribute(&[(Operation::Create, "1m")]),
        ])
        .blocks([
            Block::list("window", [attribute(Attribute::string("until").required())])
                .describe("For tests.")
                .at_most(2),
        ]);
    schema.version = 2;
    schema
}

/// What AWS would say of a thing that was asked for.
fn filled(mut model: Model, revision: i64) -> Model {
    let name = model.name.known().expect("it is required").clone();
    model.arn = Attr::Known(format!("arn:{name}"));
    if model.region.known().is_none() {
        model.region = Attr::from("home");
    }
    model.revision = Attr::Known(revision);
    if !matches!(model.origin, Attr::Known(_)) {
        model.origin = Attr::Known(Origin {
            table: Attr::from("source"),
            size: Attr::Known(3),
        });
    }
    if let Attr::Known(rules) = &mut model.rules {
        for (key, rule) in rules {
            if let Attr::Known(rule) = rule {
                rule.id = Attr::Known(format!("rule-{key}"));
            }
        }
    }
    if let Attr::Known(steps) = &mut model.steps {
        for step in steps {
            if let Attr::Known(step) = step {
                let action = step.action.known().expect("it is required");
                step.id = Attr::Known(format!("step-{action}"));
            }
        }
    }
    model
}

/// Waits until the user interrupts, as a long restore would.
async fn wait(client: &World, cx: &Cx) -> Diagnostics {
    client.waiting.notify_one();
    cx.cancel().cancelled().await;
    Diagnostic::error("Interrupted", "The thing is still being made.").into()
}

impl Resource for Thing {
    const NAME: &'static str = "thing";
    type Model = Model;
    type Client = Arc<World>;
    /// Whether the name is taken.
    type Observed = bool;

    fn schema() -> Schema {
        schema()
    }

    fn identity_schema() -> Option<IdentitySchema> {
        Some(IdentitySchema {
            version: 1,
            attributes: vec![
                IdentityAttribute {
                    name: "name",
                    ty: Type::String,
                    required_for_import: true,
                    description: "Its name.",
                },
                IdentityAttribute {
                    name: "region",
                    ty: Type::String,
                    required_for_import: false,
                    description: "Its region.",
                },
            ],
        })
    }

    fn identity(state: &Model) -> Option<Value> {
        let (name, region) = state.name.known().zip(state.region.known())?;
        Some(Value::object([
            ("name", Value::string(name)),
            ("region", Value::string(region)),
        ]))
    }

    fn validate(config: &Model) -> Diagnostics {
        match (config.mode.known(), config.place.known()) {
            (Some(mode), Some(place)) if mode == "fast" && place == "moon" => {
                Diagnostic::error("Too fast for the moon", "Be slow.")
                    .at(Path::of("mode"))
                    .coded("T-1")
                    .into()
            }
            _ => Diagnostics::new(),
        }
    }

    async fn observe(client: &Arc<World>, change: &Change<Model>, cx: &Cx) -> Result<bool, Diagnostics> {
        let (act, model) = match change {
            Change::Create { proposed, .. } => ("create", proposed),
            Change::Update { proposed, .. } => ("update", proposed),
            Change::Destroy { prior } => ("destroy", prior),
        };
        client.plan_of(cx.plan_id());
        client.note(format!(
            "observe {act} private={}",
            cx.private("attempt").is_some()
        ));
        if model.note.known().is_some_and(|note| note == "unobservable") {
            cx.warn(Diagnostic::warning("Looked", "In vain."));
            return Err(Diagnostic::error("Cannot observe", "Denied.").into());
        }
        Ok(model.name.known().is_some_and(|name| client.is_taken(name)))
    }

    fn plan(change: Change<Model>, taken: bool) -> Planned<Model> {
        match change {
            Change::Create { proposed, .. } if taken => Planned::new(proposed).with(Diagnostics::from(
                Diagnostic::error("Name is taken", "Take another.").at(Path::of("name")),
            )),
            Change::Create { proposed, .. } => Planned::new(proposed),
            Change::Update { prior, proposed, .. } => {
                let shrinks = match (prior.days.known(), proposed.days.known()) {
                    (Some(before), Some(after)) => after < before,
                    _ => false,
                };
                let mut planned = Planned::new(proposed);
                if shrinks && prior.mode.known().is_some_and(|mode| mode == "slow") {
                    planned.replace.push(Path::of("days"));
                }
                planned
            }
            Change::Destroy { prior } => {
                let mut diagnostics = Diagnostics::new();
                match prior.note.known().map(String::as_str) {
                    Some("protected") => {
                        diagnostics.push(
                            Diagnostic::error("Thing is protected", "Unprotect it first.").coded("T-2"),
                        );
                    }
                    Some("precious") => {
                        diagnostics.push(Diagnostic::warning("Thing is precious", "Really?").coded("T-3"));
                    }
                    _ => {}
                }
                Planned::new(prior).with(diagnostics)
            }
        }
    }

    async fn read(client: &Arc<World>, state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
        let name = state.name.known().expect("every state has it").clone();
        client.note(format!("read {name} private={}", cx.private("attempt").is_some()));
        client.seen_in_state(&name);
        let Some(revision) = client.revision(&name) else {
            cx.warn(Diagnostic::warning("Thing is gone", "Somebody else deleted it."));
            return Ok(None);
        };
        Ok(Some(filled(state, revision)))
    }

    async fn create(
        client: &Arc<World>,
        create: Create<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        let Create { config, planned } = create;
        let name = planned.name.known().expect("it is required").clone();
        let note = planned.note.known().cloned().unwrap_or_default();
        if note == "fail early" {
            return Err(Diagnostic::error("Refused", "Nothing was made.").into());
        }
        if let Some(password) = config.password.known() {
            client.note(format!("password {}", password.expose()));
        }
        client.note(format!(
            "create {name} private={}",
            cx.private("attempt").is_some()
        ));
        cx.set_private("attempt", 1.into());
        let revision = client.put(&name);
        saved.save(&Model {
            arn: Attr::Known(format!("arn:{name}")),
            ..planned.clone()
        });
        match note.as_str() {
            "fail late" => Err(Diagnostic::error("Wait failed", "The thing is there.").into()),
            "panic late" => panic!("lost count"),
            "wait" => Err(wait(client, cx).await),
            _ => Ok(filled(planned, revision)),
        }
    }

    async fn update(
        client: &Arc<World>,
        update: Update<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        let Update { prior, planned, .. } = update;
        let name = planned.name.known().expect("it is required").clone();
        client.note(format!(
            "update {name} private={}",
            cx.private("attempt").is_some()
        ));
        cx.set_private("attempt", 2.into());
        match planned.note.known().map(String::as_str) {
            Some("fail early") => Err(Diagnostic::error("Refused", "Nothing was changed.").into()),
            Some("fail late") => {
                saved.save(&Model {
                    days: planned.days,
                    ..prior
                });
                Err(Diagnostic::error("Half-way", "Only the days were changed.").into())
            }
            Some("panic") => panic!("lost count"),
            _ => Ok(filled(planned, client.put(&name))),
        }
    }

    async fn delete(client: &Arc<World>, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
        let name = delete.state.name.known().expect("every state has it").clone();
        client.note(format!(
            "delete {name} {:?} private={}",
            delete.reason,
            cx.private("attempt").is_some()
        ));
        match delete.state.note.known().map(String::as_str) {
            Some("undeletable") => {
                cx.set_private("attempt", "to delete".into());
                Err(Diagnostic::error("Delete failed", "AWS is busy.").into())
            }
            Some("panic on delete") => panic!("lost count"),
            _ => {
                client.remove(&name);
                Ok(())
            }
        }
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<Model, Diagnostics>> = Some(|target| {
        let (name, region) = match &target {
            ImportTarget::Id(id) if id == "panic" => panic!("unreadable"),
            ImportTarget::Id(id) => match id.split_once('/') {
                Some((region, name)) => (Attr::from(name), Attr::from(region)),
                None => {
                    return Err(Diagnostic::error("Wrong id", "Write REGION/NAME.").into());
                }
            },
            ImportTarget::Identity(identity) => {
                let part = |name| Attr::from_value(identity.attribute(name));
                (
                    part("name").expect("it is a string"),
                    part("region").expect("it is a string"),
                )
            }
        };
        Ok(Model {
            name,
            region,
            ..Model::default()
        })
    });

    const UPGRADES: &'static [Upgrade] = &[
        Upgrade {
            from: 0,
            ty: || Type::object([("id", Type::String)]),
            upgrade: |old| {
                let name = match old.attribute("id") {
                    Value::String(id) if id == "panic" => panic!("unreadable"),
                    Value::String(id) if id == "unknown" => Value::Unknown,
                    Value::String(id) if id == "bad" => {
                        return Err(Diagnostic::error("Bad state", "Import the thing again.").into());
                    }
                    id => id.clone(),
                };
                Ok(new_state(name, Value::integer(35)))
            },
        },
        Upgrade {
            from: 1,
            ty: || Type::object([("name", Type::String), ("days", Type::String)]),
            upgrade: |old| {
                let days = match old.attribute("days") {
                    Value::String(days) => Value::Number(days.parse().expect("version 1 wrote digits")),
                    _ => Value::Null,
                };
                Ok(new_state(old.attribute("name").clone(), days))
            },
        },
    ];
}

/// State of today with these two values. Blocks are left null, which the server mends.
fn new_state(name: Value, days: Value) -> Value {
    let Type::Object(types) = schema().ty() else {
        panic!("a schema is an object");
    };
    let mut state: BTreeMap<String, Value> = types.into_keys().map(|name| (name, Value::Null)).collect();
    state.insert("name".to_owned(), name);
    state.insert("days".to_owned(), days);
    Value::Object(state)
}
