//! Plans of prepared configurations: how long they take, what the provider needs, what they ask of AWS.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use acceptance_tests::{
    Backend, Calls, Client, Mirrors, Run, Simulator, Terraform, Workdir, children_named, memory_peak,
};
use serde_json::{Value, json};

use crate::bench::Measured;
use crate::bench::contender::Contender;

/// Where measurements take place.
pub(super) struct Scene {
    pub(super) folder: PathBuf,
    pub(super) terraform: Terraform,
    pub(super) simulator: PathBuf,
}

/// A simulated AWS with tables `t-0`, `t-1` and so on.
pub(super) struct Aws {
    simulator: Simulator,
    variables: Vec<(String, String)>,
}

impl Aws {
    /// From now on it is as slow as AWS, and throttles at its documented rates.
    pub(super) fn at_documented_rates(&self) {
        self.simulator
            .set(json!({"enforce_rates": true, "latency_ms": 20}));
    }
}

impl Scene {
    /// A configuration with nothing in it but a provider block.
    pub(super) fn empty(&self, contender: Option<&Contender>) -> Measured<Bench> {
        let (name, mirrors, header) = match contender {
            Some(contender) => (contender.name, contender.mirrors.clone(), contender.header()),
            None => ("alone", Mirrors::none(), "terraform {}\n".to_owned()),
        };
        // Nothing is read of AWS in an empty plan, so that no AWS is needed; the keys keep providers from looking for some.
        let variables = Backend::credentials_only();
        let bench = Bench {
            workdir: self.workdir(&format!("empty-{name}"), &mirrors, variables)?,
        };
        bench.workdir.write("bench.tf", &header);
        succeed(bench.workdir.terraform(&["init", "-no-color"]))?;
        Ok(bench)
    }

    /// A simulated AWS with tables, that answers at once and never throttles.
    pub(super) fn aws_with_tables(&self, count: usize) -> Measured<Aws> {
        let simulator = Simulator::start_program(&self.simulator)?;
        simulator.set(json!({
            "enforce_rates": false, "table_creating_ms": 0, "continuous_backups_ready_ms": 0, "backup_creating_ms": 0,
        }));
        let backend = Backend::of_simulator(simulator);
        let variables = backend.variables();
        let (client, simulator): (Client, Simulator) = backend.into_parts();
        client.create_tables((0..count).map(|index| format!("t-{index}")));
        for index in 0..count {
            client.enable_recovery(&format!("t-{index}"), 35);
        }
        Ok(Aws { simulator, variables })
    }

    /// `count` objects with point-in-time recovery, one per table, in the state already.
    pub(super) fn recovery(&self, contender: &Contender, aws: &Aws, count: usize) -> Measured<Bench> {
        let (resource, body) = contender.recovery;
        let bench = self.prepared(
            contender,
            aws,
            &format!("recovery-{count}-{}", contender.name),
            |count| format!("resource \"{resource}\" \"t\" {{\n  count = {count}\n{body}}}\n"),
            count,
        )?;
        succeed(
            bench
                .workdir
                .terraform(&["import", "-no-color", &format!("{resource}.t[0]"), "t-0"]),
        )?;
        // Settles what an import leaves open; both providers then agree with AWS.
        bench.configure_count(contender, resource, body, 1);
        succeed(bench.workdir.try_apply())?;
        bench.configure_count(contender, resource, body, count);
        bench.multiply_state(count)?;
        succeed(
            bench
                .workdir
                .terraform(&["plan", "-no-color", "-detailed-exitcode"]),
        )?;
        Ok(bench)
    }

    /// `count` backups of one table, made by our provider.
    pub(super) fn backups(&self, contender: &Contender, aws: &Aws, count: usize) -> Measured<Bench> {
        let bench = self.prepared(contender, aws, "backups", |count| {
            format!(
                "resource \"dynamodb_backup\" \"b\" {{\n  count      = {count}\n  table_name = \"t-0\"\n  \
                 name       = \"backup-${{count.index}}\"\n}}\n"
            )
        }, count)?;
        succeed(
            bench
                .workdir
                .terraform(&["apply", "-auto-approve", "-no-color", "-parallelism=50"]),
        )?;
        Ok(bench)
    }

    fn prepared(
        &self,
        contender: &Contender,
        aws: &Aws,
        name: &str,
        configuration: impl Fn(usize) -> String,
        count: usize,
    ) -> Measured<Bench> {
        let bench = Bench {
            workdir: self.workdir(name, &contender.mirrors, aws.variables.clone())?,
        };
        bench.workdir.write(
            "bench.tf",
            &format!("{}{}", contender.header(), configuration(count)),
        );
        succeed(bench.workdir.terraform(&["init", "-no-color"]))?;
        Ok(bench)
    }

    fn workdir(&self, name: &str, mirrors: &Mirrors, variables: Vec<(String, String)>) -> Measured<Workdir> {
        Ok(Workdir::at(
            &self.folder.join(name),
            self.terraform.clone(),
            mirrors,
            variables,
        )?)
    }
}

/// A configuration that is planned again and again, and of which every plan is empty.
pub(super) struct Bench {
    workdir: Workdir,
}

impl Bench {
    /// How long a plan takes.
    pub(super) fn plan(&self) -> Measured<Duration> {
        Ok(succeed(self.workdir.terraform(PLAN))?.took)
    }

    /// The peak memory of the provider in a plan, in bytes. The plan is watched, and therefore not timed.
    pub(super) fn memory(&self) -> Measured<u64> {
        let peak = Arc::new(AtomicU64::new(0));
        let highest = Arc::clone(&peak);
        let watch = move |terraform: u32| {
            for provider in children_named(terraform, "terraform-provider-") {
                highest.fetch_max(memory_peak(provider).unwrap_or_default(), Ordering::Relaxed);
            }
        };
        succeed(self.workdir.terraform_watched(PLAN, watch))?;
        Ok(peak.load(Ordering::Relaxed))
    }

    /// What a plan asks of AWS.
    pub(super) fn calls(&self, aws: &Aws) -> Measured<Calls> {
        Ok(self.plan_counted(aws)?.1)
    }

    /// How long a plan takes, and what it asks of AWS.
    pub(super) fn plan_counted(&self, aws: &Aws) -> Measured<(Duration, Calls)> {
        aws.simulator.clear_calls();
        let took = self.plan()?;
        Ok((took, aws.simulator.calls()))
    }

    fn configure_count(&self, contender: &Contender, resource: &str, body: &str, count: usize) {
        let text = format!(
            "{}resource \"{resource}\" \"t\" {{\n  count = {count}\n{body}}}\n",
            contender.header()
        );
        self.workdir.write("bench.tf", &text);
    }

    /// Makes `count` instances of the one in the state. Applying hundreds of tables with hashicorp/aws would take longer
    /// than all measurements, and nothing of it is measured.
    fn multiply_state(&self, count: usize) -> Measured<()> {
        let path = self.workdir.path().join("terraform.tfstate");
        let mut state: Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
        let first = state["resources"][0]["instances"][0].to_string();
        let instances: Result<Vec<Value>, _> = (0..count)
            .map(|index| {
                let text = first.replace("\"t-0\"", &format!("\"t-{index}\""));
                let text = text.replace("table/t-0", &format!("table/t-{index}"));
                serde_json::from_str::<Value>(&text).map(|mut instance| {
                    instance["index_key"] = index.into();
                    instance
                })
            })
            .collect();
        state["resources"][0]["instances"] = instances?.into();
        Ok(std::fs::write(&path, state.to_string())?)
    }
}

const PLAN: &[&str] = &["plan", "-no-color", "-detailed-exitcode"];

/// Insists on exit code 0: with `-detailed-exitcode`, that is an empty plan.
fn succeed(run: Run) -> Measured<Run> {
    if run.code == Some(0) {
        Ok(run)
    } else {
        Err(run.to_string().into())
    }
}
