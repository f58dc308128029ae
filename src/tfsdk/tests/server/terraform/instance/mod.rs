//! One resource instance: its object in the state, read, upgraded and imported.

mod change;

use std::fmt::Debug;

use tfsdk::server::{ImportRequest, ReadRequest, ResourceSchemas, UpgradeRequest};
use tfsdk::{Diagnostics, ImportTarget, Provider, Value};

pub(crate) use self::change::Action;
use super::{Stored, Terraform, complete, rules};

/// An object in the state.
#[derive(Debug, Clone)]
struct Object {
    version: i64,
    value: Value,
    private: Vec<u8>,
    identity: Option<Value>,
    tainted: bool,
}

/// A resource instance and what the state knows of it.
pub(crate) struct Instance<'a, P: Provider> {
    terraform: &'a Terraform<P>,
    type_name: String,
    object: Option<Object>,
    create_before_destroy: bool,
}

impl<'a, P: Provider> Instance<'a, P> {
    pub(super) fn new(terraform: &'a Terraform<P>, type_name: &str) -> Self {
        Self {
            terraform,
            type_name: type_name.to_owned(),
            object: None,
            create_before_destroy: false,
        }
    }

    /// Replaces with the new object first, like `lifecycle { create_before_destroy = true }`.
    #[must_use]
    pub(crate) fn create_before_destroy(mut self) -> Self {
        self.create_before_destroy = true;
        self
    }

    /// The object in the state, if there is one.
    pub(crate) fn state(&self) -> Option<&Value> {
        self.object.as_ref().map(|object| &object.value)
    }

    /// The private data in the state, as Terraform keeps them. Empty without an object.
    pub(crate) fn private(&self) -> &[u8] {
        self.object.as_ref().map_or(&[], |object| &object.private)
    }

    /// The identity in the state, if there is one.
    pub(crate) fn identity(&self) -> Option<&Value> {
        self.object.as_ref().and_then(|object| object.identity.as_ref())
    }

    /// Whether the object is to be replaced because its create failed or somebody said so.
    pub(crate) fn is_tainted(&self) -> bool {
        self.object.as_ref().is_some_and(|object| object.tainted)
    }

    /// Marks the object to be replaced, like `terraform taint`.
    pub(crate) fn taint(&mut self) {
        self.object.as_mut().expect("there is an object").tainted = true;
    }

    /// Puts an object into the state as some release of the provider wrote it.
    pub(crate) fn put_state(&mut self, version: i64, value: Value) {
        self.object = Some(Object {
            version,
            value,
            private: Vec::new(),
            identity: None,
            tainted: false,
        });
    }

    fn schemas(&self) -> &'a ResourceSchemas {
        let schemas = self.terraform.server.schemas();
        schemas
            .resources
            .get(&self.type_name)
            .expect("the resource type exists")
    }

    /// Validates a configuration. Attributes that are left out are null.
    pub(crate) fn validate(&self, config: &Value) -> Diagnostics {
        let config = complete(&self.schemas().schema, config);
        let terraform = self.terraform;
        terraform
            .server
            .validate_resource(&self.type_name, &config, terraform.write_only)
    }

    /// Upgrades the state and reads the object again.
    ///
    /// # Errors
    /// What the provider could not read; the state stays as it was.
    pub(crate) async fn refresh(&mut self) -> Result<Diagnostics, Diagnostics> {
        self.upgrade()?;
        let Some(object) = self.object.clone() else {
            return Ok(Diagnostics::new());
        };
        let response = self
            .terraform
            .server
            .read(ReadRequest {
                type_name: self.type_name.clone(),
                state: object.value,
                private: object.private,
                identity: object.identity,
            })
            .await;
        if response.diagnostics.has_error() {
            return Err(response.diagnostics);
        }
        self.check_state(&response.state, response.identity.as_ref());
        self.object = (!response.state.is_null()).then_some(Object {
            version: self.schemas().schema.version,
            value: response.state,
            private: response.private,
            identity: response.identity,
            tainted: object.tainted,
        });
        Ok(response.diagnostics)
    }

    fn upgrade(&mut self) -> Result<(), Diagnostics> {
        let schema = &self.schemas().schema;
        let Some(object) = &mut self.object else {
            return Ok(());
        };
        let upgraded = self.terraform.server.upgrade(&UpgradeRequest {
            type_name: &self.type_name,
            version: object.version,
            state: &Stored(&object.value),
        })?;
        rules::assert_fits(&schema.ty(), &upgraded);
        rules::assert_no_write_only(&schema.attributes, &upgraded);
        object.version = schema.version;
        object.value = upgraded;
        Ok(())
    }

    /// Imports an object and reads it.
    ///
    /// # Errors
    /// What the provider refuses or could not read, or that there is no such object.
    pub(crate) async fn import(&mut self, target: ImportTarget) -> Result<Diagnostics, Diagnostics> {
        let imported = self.terraform.server.import(ImportRequest {
            type_name: self.type_name.clone(),
            target,
        })?;
        assert_eq!(
            imported.type_name, self.type_name,
            "the import is of the type that was asked for"
        );
        assert!(!imported.state.is_null(), "import returned a null resource");
        self.check_state(&imported.state, imported.identity.as_ref());
        self.object = Some(Object {
            version: self.schemas().schema.version,
            value: imported.state,
            private: Vec::new(),
            identity: imported.identity,
            tainted: false,
        });
        let read = self.refresh().await;
        if read.is_err() {
            self.object = None;
        }
        read
    }

    fn check_state(&self, state: &Value, identity: Option<&Value>) {
        let schema = &self.schemas().schema;
        rules::assert_fits(&schema.ty(), state);
        rules::assert_known(state);
        rules::assert_no_write_only(&schema.attributes, state);
        self.check_identity(identity);
    }

    fn check_identity(&self, identity: Option<&Value>) {
        let declared = self.schemas().identity.as_ref();
        if let Some(identity) = identity {
            let schema = declared.expect("an identity is answered only where one is declared");
            rules::assert_fits(&schema.ty(), identity);
            rules::assert_known(identity);
        }
    }
}

impl<P: Provider> Debug for Instance<'_, P> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Instance")
            .field("type_name", &self.type_name)
            .field("object", &self.object)
            .finish_non_exhaustive()
    }
}
