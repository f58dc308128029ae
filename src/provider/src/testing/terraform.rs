//! A small Terraform: one object, planned and applied as the real one does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use aws_clients::Environment;
use serde_json::{Value as Json, json as json_value};
use tempfile::TempDir;
use tfsdk::schema::{Attribute, AttributeType, Nesting};
use tfsdk::server::{ApplyRequest, ImportRequest, PlanRequest, PlanResponse, ReadRequest};
use tfsdk::{
    ConfigureRequest, Cx, Diagnostics, DynDataSource, DynFunction, DynResource, ImportTarget, Model as _,
    Provider, Review, Schema, Server, Value, Walk,
};

use super::aws::{ACCOUNT, REGION};
use super::{Aws, json, summaries, value};
use crate::{Client, Config, DynamoDb, client};

/// The provider with an environment of its own instead of the process's, found by the endpoint that is configured.
pub(crate) struct UnderTest;

static DATA_FOLDERS: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());

impl Provider for UnderTest {
    const NAME: &'static str = DynamoDb::NAME;
    type Config = Config;
    type Client = Client;

    fn schema() -> Schema {
        DynamoDb::schema()
    }

    fn validate(config: &Config) -> Diagnostics {
        DynamoDb::validate(config)
    }

    fn review(config: &Config, walk: Walk) -> Review {
        DynamoDb::review(config, walk)
    }

    async fn configure(
        config: Config,
        request: ConfigureRequest,
        _cx: &Cx,
    ) -> Result<Option<Client>, Diagnostics> {
        let endpoint = config.to_aws().endpoints.dynamodb.unwrap_or_default();
        let folder = DATA_FOLDERS
            .lock()
            .expect("no panic while held")
            .get(&endpoint)
            .cloned();
        let folder = folder.unwrap_or_default().display().to_string();
        client::connect_in(
            &config,
            &request,
            &Environment::from_pairs([("TF_DATA_DIR", folder)]),
        )
        .await
    }

    fn resources() -> Vec<Box<dyn DynResource<Client>>> {
        DynamoDb::resources()
    }

    fn data_sources() -> Vec<Box<dyn DynDataSource<Client>>> {
        DynamoDb::data_sources()
    }

    fn functions() -> Vec<Box<dyn DynFunction>> {
        DynamoDb::functions()
    }
}

/// One resource or data source of a configuration, and what the state knows of it.
pub(crate) struct Terraform {
    type_name: String,
    folder: TempDir,
    /// Added to the provider block.
    pub(crate) provider: Json,
    /// `lifecycle { create_before_destroy = true }`.
    pub(crate) create_before_destroy: bool,
    endpoint: String,
    pub(crate) object: Option<Object>,
    deposed: Option<Object>,
    /// The provider process of the command that runs.
    pub(crate) process: Arc<Mutex<Option<Arc<Server<UnderTest>>>>>,
}

/// What the state holds.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) state: Value,
    private: Vec<u8>,
    pub(crate) tainted: bool,
}

/// What a plan is going to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Nothing,
    Create,
    Update,
    Replace,
    Destroy,
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) action: Action,
    /// The planned object.
    pub(crate) planned: Value,
    pub(crate) diagnostics: Diagnostics,
}

impl Outcome {
    /// One line for each message.
    pub(crate) fn said(&self) -> Vec<String> {
        summaries(&self.diagnostics)
    }

    /// All details.
    pub(crate) fn details(&self) -> String {
        self.diagnostics
            .iter()
            .map(|it| it.detail.clone())
            .collect::<Vec<_>>()
            .join("\n---\n")
    }
}

impl Terraform {
    /// A folder with one resource of this type, and nothing in its state.
    pub(crate) fn with(aws: &Aws, type_name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        DATA_FOLDERS
            .lock()
            .expect("no panic while held")
            .insert(aws.url(), folder.path().to_owned());
        Self {
            type_name: type_name.to_owned(),
            folder,
            provider: json_value!({}),
            create_before_destroy: false,
            endpoint: aws.url(),
            object: None,
            deposed: None,
            process: Arc::default(),
        }
    }

    /// The folder of Terraform's data.
    pub(crate) fn data_folder(&self) -> &Path {
        self.folder.path()
    }

    /// The records of attempts that are left.
    pub(crate) fn attempts(&self) -> usize {
        let files = std::fs::read_dir(self.folder.path().join("dynamodb/attempts"));
        files.map(Iterator::count).unwrap_or(0)
    }

    /// The state as JSON; null when there is no object.
    pub(crate) fn state(&self) -> Json {
        self.object
            .as_ref()
            .map_or(Json::Null, |object| json(&object.state))
    }

    /// Interrupts the command that runs, as Ctrl-C does.
    pub(crate) fn interrupter(&self) -> impl Fn() + use<> {
        let process = Arc::clone(&self.process);
        move || {
            if let Some(server) = &*process.lock().expect("no panic while held") {
                server.stop();
            }
        }
    }

    /// Starts and configures a provider process.
    pub(crate) async fn start(&self) -> Arc<Server<UnderTest>> {
        let server = Arc::new(Server::<UnderTest>::new());
        let mut block = provider_block(&self.endpoint);
        for (name, given) in self.provider.as_object().into_iter().flatten() {
            block[name] = given.clone();
        }
        let block = value(&UnderTest::schema().ty(), &block);
        let mut diagnostics = server.validate_provider(&block);
        diagnostics.extend(server.configure(&block, ConfigureRequest::default()).await);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        *self.process.lock().expect("no panic while held") = Some(Arc::clone(&server));
        server
    }

    fn schema(&self) -> Schema {
        let server = Server::<UnderTest>::new();
        server.schemas().resources[&self.type_name].schema.clone()
    }

    /// `terraform validate`.
    pub(crate) fn validate(&self, config: &Json) -> Diagnostics {
        let config = value(&self.schema().ty(), config);
        Server::<UnderTest>::new().validate_resource(&self.type_name, &config, true)
    }

    /// `terraform plan`: refreshes, then plans.
    pub(crate) async fn plan(&mut self, config: &Json) -> Outcome {
        let server = self.start().await;
        let mut diagnostics = self.refresh_with(&server).await;
        if diagnostics.has_error() {
            return Outcome {
                action: Action::Nothing,
                planned: Value::Null,
                diagnostics,
            };
        }
        let config = value(&self.schema().ty(), config);
        let (action, planned) = self.plan_with(&server, &config, &mut diagnostics).await;
        Outcome {
            action,
            planned: planned.planned,
            diagnostics,
        }
    }

    /// `terraform apply`, both its processes. Panics when the plan fails.
    pub(crate) async fn apply(&mut self, config: &Json) -> Outcome {
        let planned = self.plan(config).await;
        assert!(
            !planned.diagnostics.has_error(),
            "{:?}\n{}",
            planned.said(),
            planned.details()
        );
        let server = self.start().await;
        let config = value(&self.schema().ty(), config);
        let mut diagnostics = Diagnostics::new();
        match planned.action {
            Action::Nothing | Action::Destroy => {}
            Action::Create => self.create(&server, &config, &mut diagnostics).await,
            Action::Update => self.update(&server, &config, &mut diagnostics).await,
            Action::Replace if self.create_before_destroy => {
                self.deposed = self.object.take();
                self.create(&server, &config, &mut diagnostics).await;
                if !diagnostics.has_error() {
                    self.destroy_deposed(&server, &mut diagnostics).await;
                }
            }
            Action::Replace => {
                // The destroy half is given the private data of the whole replacement, from the process that planned.
                let planner = self.start().await;
                let (_, plan) = self.plan_with(&planner, &config, &mut Diagnostics::new()).await;
                let object = self.object.take().expect("a replacement replaces something");
                self.object = delete(&server, &self.type_name, object, plan.private, &mut diagnostics).await;
                if self.object.is_none() {
                    self.create(&server, &config, &mut diagnostics).await;
                }
            }
        }
        Outcome {
            action: planned.action,
            planned: planned.planned,
            diagnostics,
        }
    }

    /// `terraform apply -replace`, or `terraform taint` and apply.
    pub(crate) fn taint(&mut self) {
        self.object.as_mut().expect("an object").tainted = true;
    }

    /// `terraform destroy`.
    pub(crate) async fn destroy(&mut self) -> Outcome {
        let diagnostics = self.refresh().await;
        let mut outcome = self.destroy_without_refresh().await;
        let mut all = diagnostics;
        all.extend(outcome.diagnostics);
        outcome.diagnostics = all;
        outcome
    }

    /// `terraform destroy -refresh=false`.
    pub(crate) async fn destroy_without_refresh(&mut self) -> Outcome {
        let mut diagnostics = Diagnostics::new();
        let server = self.start().await;
        if let Some(object) = self.object.take() {
            let plan = plan_destroy(&server, &self.type_name, &object).await;
            let failed = plan.diagnostics.has_error();
            diagnostics.extend(plan.diagnostics);
            self.object = if failed {
                Some(object)
            } else {
                delete(&server, &self.type_name, object, plan.private, &mut diagnostics).await
            };
        }
        if !diagnostics.has_error() {
            self.destroy_deposed(&server, &mut diagnostics).await;
        }
        Outcome {
            action: Action::Destroy,
            planned: Value::Null,
            diagnostics,
        }
    }

    /// `terraform refresh`.
    pub(crate) async fn refresh(&mut self) -> Diagnostics {
        let server = self.start().await;
        self.refresh_with(&server).await
    }

    /// `terraform import`, by id or identity.
    pub(crate) async fn import(&mut self, target: ImportTarget) -> Diagnostics {
        let server = self.start().await;
        let request = ImportRequest {
            type_name: self.type_name.clone(),
            target,
        };
        let imported = match server.import(request) {
            Ok(imported) => imported,
            Err(diagnostics) => return diagnostics,
        };
        let state = with_every_attribute(&self.schema().attributes, &imported.state);
        self.object = Some(Object {
            state,
            private: Vec::new(),
            tainted: false,
        });
        self.refresh_with(&server).await
    }

    /// Reads a data source.
    pub(crate) async fn read(&self, config: &Json) -> Result<Json, Diagnostics> {
        let server = self.start().await;
        let schema = &server.schemas().data_sources[&self.type_name];
        let config = value(&schema.ty(), config);
        let found = server.validate_data_source(&self.type_name, &config);
        if found.has_error() {
            return Err(found);
        }
        server
            .read_data_source(&self.type_name, config)
            .await
            .map(|(state, _)| json(&state))
    }

    async fn refresh_with(&mut self, server: &Server<UnderTest>) -> Diagnostics {
        let Some(object) = self.object.take() else {
            return Diagnostics::new();
        };
        let request = ReadRequest {
            type_name: self.type_name.clone(),
            state: object.state,
            private: object.private,
            identity: None,
        };
        let read = server.read(request).await;
        if !read.state.is_null() {
            self.object = Some(Object {
                state: read.state,
                private: read.private,
                tainted: object.tainted,
            });
        }
        read.diagnostics
    }

    async fn plan_with(
        &self,
        server: &Server<UnderTest>,
        config: &Value,
        diagnostics: &mut Diagnostics,
    ) -> (Action, PlanResponse) {
        diagnostics.extend(server.validate_resource(&self.type_name, config, true));
        let plan = async |prior: Option<&Object>| {
            let request = PlanRequest {
                type_name: self.type_name.clone(),
                prior: prior.map_or(Value::Null, |object| object.state.clone()),
                config: config.clone(),
                proposed: propose(
                    &self.schema().attributes,
                    prior.map(|object| &object.state),
                    config,
                ),
                prior_private: prior.map_or(Vec::new(), |object| object.private.clone()),
                prior_identity: None,
            };
            server.plan(request).await
        };
        let Some(object) = &self.object else {
            let planned = plan(None).await;
            diagnostics.extend(planned.diagnostics.clone());
            return (Action::Create, planned);
        };
        if object.tainted {
            let planned = plan(None).await;
            diagnostics.extend(planned.diagnostics.clone());
            return (Action::Replace, planned);
        }
        let planned = plan(Some(object)).await;
        diagnostics.extend(planned.diagnostics.clone());
        if planned.requires_replace.is_empty() {
            let same = planned.planned.same(&object.state);
            return (if same { Action::Nothing } else { Action::Update }, planned);
        }
        // The second half of a replacement is planned as a create, with the private data of the first.
        let fresh = Object {
            state: Value::Null,
            private: planned.private.clone(),
            tainted: false,
        };
        let request = PlanRequest {
            type_name: self.type_name.clone(),
            prior: Value::Null,
            config: config.clone(),
            proposed: propose(&self.schema().attributes, None, config),
            prior_private: fresh.private,
            prior_identity: None,
        };
        let mut second = server.plan(request).await;
        // Terraform drops the warnings of the second half, and keeps all that it says when it fails.
        if second.diagnostics.has_error() {
            diagnostics.extend(second.diagnostics.clone());
        }
        second.private = planned.private;
        (Action::Replace, second)
    }

    async fn create(&mut self, server: &Server<UnderTest>, config: &Value, diagnostics: &mut Diagnostics) {
        let request = PlanRequest {
            type_name: self.type_name.clone(),
            prior: Value::Null,
            config: config.clone(),
            proposed: propose(&self.schema().attributes, None, config),
            prior_private: Vec::new(),
            prior_identity: None,
        };
        let planned = server.plan(request).await;
        diagnostics.extend(
            planned
                .diagnostics
                .into_iter()
                .filter(tfsdk::Diagnostic::is_error),
        );
        if diagnostics.has_error() {
            return;
        }
        let applied = server
            .apply(ApplyRequest {
                type_name: self.type_name.clone(),
                prior: Value::Null,
                planned: planned.planned,
                config: config.clone(),
                planned_private: planned.private,
                planned_identity: planned.identity,
            })
            .await;
        let failed = applied.diagnostics.has_error();
        diagnostics.extend(applied.diagnostics);
        if !applied.state.is_null() {
            assert!(applied.state.is_wholly_known());
            self.object = Some(Object {
                state: applied.state,
                private: applied.private,
                tainted: failed,
            });
        }
    }

    async fn update(&mut self, server: &Server<UnderTest>, config: &Value, diagnostics: &mut Diagnostics) {
        let (_, planned) = self.plan_with(server, config, &mut Diagnostics::new()).await;
        let object = self.object.take().expect("an update updates something");
        let applied = server
            .apply(ApplyRequest {
                type_name: self.type_name.clone(),
                prior: object.state.clone(),
                planned: planned.planned,
                config: config.clone(),
                planned_private: planned.private,
                planned_identity: planned.identity,
            })
            .await;
        diagnostics.extend(applied.diagnostics);
        let state = if applied.state.is_null() {
            object.state
        } else {
            applied.state
        };
        self.object = Some(Object {
            state,
            private: applied.private,
            tainted: object.tainted,
        });
    }

    async fn destroy_deposed(&mut self, server: &Server<UnderTest>, diagnostics: &mut Diagnostics) {
        if let Some(deposed) = self.deposed.take() {
            let plan = plan_destroy(server, &self.type_name, &deposed).await;
            diagnostics.extend(plan.diagnostics);
            self.deposed = delete(server, &self.type_name, deposed, plan.private, diagnostics).await;
        }
    }
}

/// The client of a provider that was configured a moment ago, without a provider around it.
pub(crate) async fn client(aws: &Aws) -> Client {
    let block = value(&DynamoDb::schema().ty(), &provider_block(&aws.url()));
    let block = Config::from_value(&block).expect("it fits the schema");
    let folder = tempfile::tempdir()
        .expect("a folder")
        .path()
        .display()
        .to_string();
    let environment = Environment::from_pairs([("TF_DATA_DIR", folder)]);
    client::connect_in(&block, &ConfigureRequest::default(), &environment)
        .await
        .expect("a good configuration")
        .expect("all of it is known")
}

fn provider_block(endpoint: &str) -> Json {
    json_value!({
        "region": REGION,
        "access_key": ACCOUNT,
        "secret_key": "secret",
        "skip_metadata_api_check": true,
        "endpoints": [{"dynamodb": endpoint, "sts": endpoint, "kms": endpoint, "backup": endpoint,
            "appautoscaling": endpoint, "organizations": endpoint}],
        "assume_role": [],
        "assume_role_with_web_identity": [],
        "default_tags": [],
        "ignore_tags": [],
    })
}

async fn plan_destroy(server: &Server<UnderTest>, type_name: &str, object: &Object) -> PlanResponse {
    server
        .plan(PlanRequest {
            type_name: type_name.to_owned(),
            prior: object.state.clone(),
            config: Value::Null,
            proposed: Value::Null,
            prior_private: object.private.clone(),
            prior_identity: None,
        })
        .await
}

/// Deletes an object; what is left of it when that fails.
async fn delete(
    server: &Server<UnderTest>,
    type_name: &str,
    object: Object,
    planned_private: Vec<u8>,
    diagnostics: &mut Diagnostics,
) -> Option<Object> {
    let applied = server
        .apply(ApplyRequest {
            type_name: type_name.to_owned(),
            prior: object.state.clone(),
            planned: Value::Null,
            config: Value::Null,
            planned_private,
            planned_identity: None,
        })
        .await;
    let failed = applied.diagnostics.has_error();
    diagnostics.extend(applied.diagnostics);
    // The private state of a delete that failed is kept, as of every other answer.
    failed.then_some(Object {
        private: applied.private,
        ..object
    })
}

/// What Terraform proposes: the configuration, and the prior value where it says nothing and the provider may.
fn propose(attributes: &[Attribute], prior: Option<&Value>, config: &Value) -> Value {
    Value::object(attributes.iter().map(|attribute| {
        let name = attribute.name.as_str();
        let before = prior.map(|prior| prior.attribute(name));
        let wanted = config.attribute(name);
        let proposed = match (&attribute.ty, wanted) {
            (_, Value::Null) if attribute.is_computed() => before.cloned().unwrap_or(Value::Null),
            (AttributeType::Nested(Nesting::Single, children), Value::Object(_)) => propose(
                children,
                before.filter(|value| matches!(value, Value::Object(_))),
                wanted,
            ),
            (AttributeType::Nested(Nesting::Map, children), Value::Map(entries)) => Value::Map(
                entries
                    .iter()
                    .map(|(key, item)| {
                        let before = match before {
                            Some(Value::Map(before)) => before.get(key),
                            _ => None,
                        };
                        let proposed = match item {
                            Value::Object(_) => propose(children, before, item),
                            other => other.clone(),
                        };
                        (key.clone(), proposed)
                    })
                    .collect(),
            ),
            (_, written) => written.clone(),
        };
        (name, proposed)
    }))
}

/// State that an import gave in part, as it would come back over the wire.
fn with_every_attribute(attributes: &[Attribute], state: &Value) -> Value {
    Value::object(
        attributes
            .iter()
            .map(|attribute| (attribute.name.as_str(), state.attribute(&attribute.name).clone())),
    )
}
