//! Plans of an instance and their applies, from create to destroy.

use tfsdk::server::{ApplyRequest, ApplyResponse, PlanRequest, PlanResponse};
use tfsdk::{Diagnostics, Path, Provider, Value};

use super::{Instance, Object};
use crate::terraform::proposed::proposed;
use crate::terraform::{complete, rules};

/// What Terraform would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing.
    NoOp,
    /// Make the object.
    Create,
    /// Change it in place.
    Update,
    /// Make a new one in its place.
    Replace,
    /// Delete it.
    Delete,
}

/// A plan as Terraform shows it.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// What would be done.
    pub(crate) action: Action,
    /// The planned object. Null for a delete.
    pub(crate) planned: Value,
    /// What forces the replacement. Empty for a tainted object.
    pub(crate) replace: Vec<Path>,
    /// Warnings of the validation, the refresh and the plan.
    pub(crate) warnings: Diagnostics,
    private: Vec<u8>,
    identity: Option<Value>,
}

impl<P: Provider> Instance<'_, P> {
    /// Refreshes, validates and plans. Attributes that are left out of the configuration are null.
    ///
    /// # Errors
    /// What the provider refuses.
    pub(crate) async fn plan(&mut self, config: &Value) -> Result<Plan, Diagnostics> {
        let mut warnings = self.refresh().await?;
        let mut plan = self.plan_without_refresh(config).await?;
        warnings.extend(std::mem::take(&mut plan.warnings));
        Ok(Plan { warnings, ..plan })
    }

    async fn plan_without_refresh(&self, config: &Value) -> Result<Plan, Diagnostics> {
        let mut warnings = self.validate(config);
        if warnings.has_error() {
            return Err(warnings);
        }
        let schema = &self.schemas().schema;
        let config = &complete(schema, config);
        // A tainted object is planned as if there were none.
        let prior = self.object.as_ref().filter(|object| !object.tainted);
        let (value, private, identity) = match prior {
            Some(object) => (&object.value, object.private.clone(), object.identity.clone()),
            None => (&Value::Null, Vec::new(), None),
        };
        let first = self
            .ask_for_plan(value, config, private, identity.clone())
            .await?;
        rules::assert_plan_valid(schema, value, config, &first.planned);
        let mut replace = first.requires_replace.clone();
        // Paths of which the value stays are dropped.
        replace.retain(|path| match (value.at(path), first.planned.at(path)) {
            (Some(before), Some(after)) => !before.same(after),
            _ => true,
        });
        let action = match (&self.object, prior) {
            (None, _) => Action::Create,
            (Some(_), None) => Action::Replace,
            (Some(_), Some(_)) if !replace.is_empty() => Action::Replace,
            (Some(_), Some(_)) if first.planned.same(value) => Action::NoOp,
            (Some(_), Some(_)) => Action::Update,
        };
        let answer = if action == Action::Replace && prior.is_some() {
            // The create half is planned by itself, from nothing.
            let PlanResponse {
                private, identity, ..
            } = first;
            warnings.extend(first.diagnostics);
            self.ask_for_plan(&Value::Null, config, private, identity).await?
        } else {
            first
        };
        warnings.extend(answer.diagnostics);
        Ok(Plan {
            action,
            planned: answer.planned,
            replace,
            warnings,
            private: answer.private,
            identity: answer.identity,
        })
    }

    async fn ask_for_plan(
        &self,
        prior: &Value,
        config: &Value,
        prior_private: Vec<u8>,
        prior_identity: Option<Value>,
    ) -> Result<PlanResponse, Diagnostics> {
        let schemas = self.schemas();
        let proposed = if config.is_null() {
            Value::Null
        } else {
            proposed(&schemas.schema, prior, config)
        };
        let response = self
            .terraform
            .server
            .plan(PlanRequest {
                type_name: self.type_name.clone(),
                prior: prior.clone(),
                config: config.clone(),
                proposed,
                prior_private,
                prior_identity,
            })
            .await;
        if response.diagnostics.has_error() {
            return Err(response.diagnostics);
        }
        rules::assert_fits(&schemas.schema.ty(), &response.planned);
        rules::assert_no_write_only(&schemas.schema.attributes, &response.planned);
        assert_eq!(
            response.planned.is_null(),
            config.is_null(),
            "planned and config exist together"
        );
        self.check_identity(response.identity.as_ref());
        Ok(response)
    }

    /// Plans and applies. The diagnostics are the warnings of both.
    ///
    /// # Errors
    /// What the provider refuses or could not do; the state then holds what it answered.
    pub(crate) async fn apply(&mut self, config: &Value) -> Result<(Action, Diagnostics), Diagnostics> {
        let plan = self.plan(config).await?;
        let action = plan.action;
        let mut warnings = plan.warnings.clone();
        warnings.extend(self.apply_plan(plan, config).await?);
        Ok((action, warnings))
    }

    /// Applies a plan. `config` is what the planned one has become: nothing in it is unknown any more.
    ///
    /// # Errors
    /// What the provider could not do; the state then holds what it answered.
    pub(crate) async fn apply_plan(
        &mut self,
        plan: Plan,
        config: &Value,
    ) -> Result<Diagnostics, Diagnostics> {
        match plan.action {
            Action::NoOp => Ok(Diagnostics::new()),
            Action::Create | Action::Update => self.make(&plan, config).await,
            Action::Delete => self.remove(plan.private, plan.identity).await,
            Action::Replace if self.create_before_destroy => {
                let old = self.object.take();
                let warnings = self.make(&plan, config).await?;
                let new = std::mem::replace(&mut self.object, old);
                let destroyed = self.destroy_without_refresh().await;
                self.object = new;
                destroyed.map(|more| warnings.into_iter().chain(more).collect())
            }
            Action::Replace => {
                let warnings = self.remove(plan.private.clone(), plan.identity.clone()).await?;
                let more = self.make(&plan, config).await?;
                Ok(warnings.into_iter().chain(more).collect())
            }
        }
    }

    /// The create or update, planned once more with what is known by now.
    async fn make(&mut self, plan: &Plan, config: &Value) -> Result<Diagnostics, Diagnostics> {
        let schema = &self.schemas().schema;
        let last = self.plan_without_refresh(config).await?;
        let expected = if plan.action == Action::Replace {
            Action::Create
        } else {
            plan.action
        };
        assert!(
            last.action == expected || (last.action, expected) == (Action::NoOp, Action::Update),
            "provider produced inconsistent final plan: {:?} instead of {expected:?}",
            last.action
        );
        rules::assert_compatible(
            "provider produced inconsistent final plan",
            &plan.planned,
            &last.planned,
        );
        if last.action == Action::NoOp {
            return Ok(Diagnostics::new());
        }
        let before = self.object.take();
        let response = self
            .terraform
            .server
            .apply(ApplyRequest {
                type_name: self.type_name.clone(),
                prior: before.as_ref().map_or(Value::Null, |object| object.value.clone()),
                planned: last.planned.clone(),
                config: complete(schema, config),
                planned_private: last.private,
                planned_identity: last.identity,
            })
            .await;
        let failed = response.diagnostics.has_error();
        if !failed {
            assert!(!response.state.is_null(), "the object is missing after apply");
            rules::assert_compatible(
                "provider produced inconsistent result after apply",
                &last.planned,
                &response.state,
            );
        }
        let tainted = failed && before.is_none();
        self.keep(response, before, tainted)
    }

    /// Plans and carries out the destroy, like `terraform destroy`.
    ///
    /// # Errors
    /// What the provider refuses or could not do; the state then holds what it answered.
    pub(crate) async fn destroy(&mut self) -> Result<Diagnostics, Diagnostics> {
        let mut warnings = self.refresh().await?;
        warnings.extend(self.destroy_without_refresh().await?);
        Ok(warnings)
    }

    async fn destroy_without_refresh(&mut self) -> Result<Diagnostics, Diagnostics> {
        let Some(plan) = self.plan_destroy().await? else {
            return Ok(Diagnostics::new());
        };
        let mut warnings = plan.warnings.clone();
        warnings.extend(self.remove(plan.private, plan.identity).await?);
        Ok(warnings)
    }

    /// Plans the destroy of the object, if there is one.
    ///
    /// # Errors
    /// What the provider refuses.
    pub(crate) async fn plan_destroy(&self) -> Result<Option<Plan>, Diagnostics> {
        let Some(object) = self.object.clone() else {
            return Ok(None);
        };
        let answer = self
            .ask_for_plan(&object.value, &Value::Null, object.private, object.identity)
            .await?;
        Ok(Some(Plan {
            action: Action::Delete,
            planned: Value::Null,
            replace: Vec::new(),
            warnings: answer.diagnostics,
            private: answer.private,
            identity: answer.identity,
        }))
    }

    async fn remove(
        &mut self,
        planned_private: Vec<u8>,
        planned_identity: Option<Value>,
    ) -> Result<Diagnostics, Diagnostics> {
        self.upgrade()?;
        let before = self.object.take();
        let response = self
            .terraform
            .server
            .apply(ApplyRequest {
                type_name: self.type_name.clone(),
                prior: before.as_ref().map_or(Value::Null, |object| object.value.clone()),
                planned: Value::Null,
                config: Value::Null,
                planned_private,
                planned_identity,
            })
            .await;
        let gone = response.state.is_null();
        assert!(
            gone || response.diagnostics.has_error(),
            "the object is there after its delete, and no error is told"
        );
        let tainted = before.as_ref().is_some_and(|object| object.tainted);
        self.keep(response, before, tainted)
    }

    /// Takes the answer of an apply into the state. With an error and no object, the state stays as it was.
    fn keep(
        &mut self,
        response: ApplyResponse,
        before: Option<Object>,
        tainted: bool,
    ) -> Result<Diagnostics, Diagnostics> {
        self.check_state(&response.state, response.identity.as_ref());
        let failed = response.diagnostics.has_error();
        self.object = match response.state {
            Value::Null if failed => before,
            Value::Null => None,
            value => Some(Object {
                version: self.schemas().schema.version,
                value,
                private: response.private,
                identity: response.identity,
                tainted,
            }),
        };
        if failed {
            return Err(response.diagnostics);
        }
        Ok(response.diagnostics)
    }
}
