//! `cargo xtask demo`: a story told by the real terraform, with our provider, on a simulated AWS.
//!
//! Works below `target/demo` and removes it at the end. Reads no AWS configuration and no Terraform configuration of the
//! user, and touches nothing else.

mod trim;

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use acceptance_tests::{Backend, Binaries, Client, Mirrors, Profile, Run, Simulator, Terraform, Workdir};
use jiff::{Span, Timestamp};

use crate::{Outcome, say, workspace};

/// Items of the table, as an application would have put them.
const ORDERS: &[&str] = &[
    "order-1001",
    "order-1002",
    "order-1003",
    "order-1004",
    "order-1005",
];
const HOUR: u64 = 3600;

pub(crate) fn run() -> Outcome {
    // Before the build, which takes minutes the first time.
    let terraform = Terraform::find()?;
    let mut story = Story::default();
    story.step("Build the provider and the simulator");
    story.tell("The first build compiles the AWS SDK and takes some minutes.");
    say::command("cargo build --package provider --package simulator");
    let programs = Binaries::build(Profile::Dev)?;
    let folder = Folder::fresh()?;
    let simulator = Simulator::start_program(&programs.simulator)?;
    let stage = Stage::set(&folder, terraform, &programs, simulator)?;
    stage.seed(&mut story);
    stage.protect(&mut story)?;
    let lost_at = stage.lose(&mut story);
    stage.restore_rashly(&mut story, lost_at)?;
    stage.restore(&mut story, lost_at)?;
    stage.guard(&mut story)?;
    stage.leave(&mut story)?;
    drop(stage);
    let path = folder.path.clone();
    drop(folder);
    if path.exists() {
        return Err(format!("{} was left behind", path.display()).into());
    }
    story.tell("The simulator is stopped and target/demo is removed: nothing is left behind.");
    story.tell("");
    story.tell(
        "Next: `cargo xtask test` runs every test; README.md says how to use the provider on a real account.",
    );
    Ok(())
}

/// Numbers the steps.
#[derive(Default)]
struct Story {
    steps: usize,
}

impl Story {
    fn step(&mut self, title: &str) {
        self.steps += 1;
        say::line(format!("\n{}. {title}", self.steps));
    }

    fn tell(&self, text: &str) {
        say::line(if text.is_empty() {
            String::new()
        } else {
            format!("   {text}")
        });
    }
}

/// `target/demo`, gone with this value.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn fresh() -> std::io::Result<Self> {
        let folder = Self {
            path: workspace::target().join("demo"),
        };
        folder.remove()?;
        fs::create_dir_all(&folder.path)?;
        Ok(folder)
    }

    fn remove(&self) -> std::io::Result<()> {
        match fs::remove_dir_all(&self.path) {
            Err(err) if err.kind() != std::io::ErrorKind::NotFound => Err(err),
            _ => Ok(()),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(err) = self.remove() {
            say::line(format!("could not remove {}: {err}", self.path.display()));
        }
    }
}

/// Terraform's folder and the AWS that it sees.
struct Stage {
    workdir: Workdir,
    aws: Client,
    simulator: Simulator,
}

impl Stage {
    fn set(
        folder: &Folder,
        terraform: Terraform,
        programs: &Binaries,
        simulator: Simulator,
    ) -> Result<Self, Box<dyn Error>> {
        let mirrors = Mirrors::at(&folder.path.join("plugins"), &programs.provider)?;
        let backend = Backend::of_simulator(simulator);
        let variables = backend.variables();
        let (aws, simulator) = backend.into_parts();
        let configuration = folder.path.join("quickstart");
        let workdir = Workdir::at(&configuration, terraform, &mirrors, variables)?;
        let example = workspace::root().join("examples/quickstart/main.tf");
        fs::copy(&example, configuration.join("main.tf"))
            .map_err(|err| format!("copying {}: {err}", example.display()))?;
        Ok(Self {
            workdir,
            aws,
            simulator,
        })
    }

    fn seed(&self, story: &mut Story) {
        story.step("Start the simulator, and put a table with items there");
        story.tell(&format!(
            "It plays DynamoDB at {}; no AWS account is involved.",
            self.simulator.url()
        ));
        self.aws.create_table("orders");
        self.aws.create_table("orders-archive");
        self.aws.put_items("orders", ORDERS.iter().copied());
        self.show_items(story, "orders");
    }

    fn protect(&self, story: &mut Story) -> Outcome {
        story.step("Protect the table with Terraform: examples/quickstart/main.tf");
        let text = fs::read_to_string(self.workdir.path().join("main.tf"))?;
        let resources = text
            .find("# Every second")
            .map_or(text.as_str(), |start| &text[start..]);
        say::quote(resources.trim());
        say::line("");
        self.terraform(&["init"], trim::init)?;
        self.terraform(&["plan"], trim::plan)?;
        self.terraform(&["apply", "-auto-approve"], trim::apply)?;
        story.tell("Both exist now. Nothing more is to do, and a second plan says so:");
        self.terraform(&["plan"], trim::plan)
    }

    /// Returns the moment of the deletion.
    fn lose(&self, story: &mut Story) -> Timestamp {
        story.step("An hour later, somebody deletes the items");
        self.simulator.advance(HOUR);
        let lost_at = self.simulator.now();
        for key in ORDERS {
            self.aws.delete_item("orders", key);
        }
        story.tell(&format!("It happens at {}.", whole_second(lost_at)));
        self.show_items(story, "orders");
        story.tell(
            "Ten minutes later it is noticed. (The demo moves the simulator's clock; you need not wait.)",
        );
        self.simulator.advance(600);
        lost_at
    }

    fn restore_rashly(&self, story: &mut Story, lost_at: Timestamp) -> Outcome {
        story.step("A hasty restore is refused by the plan");
        story.tell("restore.tf takes a name that another table has, and a moment before recovery was on:");
        let before = lost_at.checked_sub(Span::new().hours(48))?;
        self.write_restore("orders-archive", before);
        let run = self.run(&["plan"]);
        say::command("terraform plan");
        say::quote(trim::errors(&run.stderr));
        if run.code != Some(1) {
            return Err(format!("this plan should have been refused:\n{run}").into());
        }
        story.tell("Both problems at once, before AWS is asked to do anything.");
        Ok(())
    }

    fn restore(&self, story: &mut Story, lost_at: Timestamp) -> Outcome {
        story.step("Restore to one second before the deletion");
        let time = whole_second(lost_at).checked_sub(Span::new().seconds(1))?;
        self.write_restore("orders-restored", time);
        self.terraform(&["plan"], trim::plan)?;
        self.terraform(&["apply", "-auto-approve"], trim::apply)?;
        story.tell("Read from the restored table:");
        let keys = self.show_items(story, "orders-restored");
        if keys != ORDERS {
            return Err(format!("the items are not back: {keys:?}").into());
        }
        story.tell(&format!("All {} orders are back.", keys.len()));
        Ok(())
    }

    fn guard(&self, story: &mut Story) -> Outcome {
        story.step("A change that would lose history is refused too");
        story.tell("Somebody switches point-in-time recovery off, with enabled = false in main.tf:");
        let path = self.workdir.path().join("main.tf");
        let text = fs::read_to_string(&path)?;
        fs::write(
            &path,
            text.replace("recovery_period_in_days = 14", "enabled                 = false"),
        )?;
        let run = self.run(&["plan"]);
        say::command("terraform plan");
        say::quote(trim::errors(&run.stderr));
        if run.code != Some(1) {
            return Err(format!("this plan should have been refused:\n{run}").into());
        }
        fs::write(&path, text)?;
        Ok(())
    }

    fn leave(&self, story: &mut Story) -> Outcome {
        story.step("Clean up");
        self.terraform(&["destroy", "-auto-approve"], trim::apply)?;
        let left = self.aws.backups("orders").len();
        if left != 0 || self.aws.table("orders-restored").is_some() {
            return Err(format!("{left} backups are left, or the restored table").into());
        }
        let recovery = self.aws.recovery("orders");
        let status = recovery["PointInTimeRecoveryStatus"].as_str().unwrap_or_default();
        story.tell(&format!(
            "The backup and the restored table are gone. Point-in-time recovery of \"orders\" is still {status}: \
             it is kept on destroy unless you say otherwise."
        ));
        Ok(())
    }

    /// Shows a command as one would type it with what matters of its output; fails if the command does.
    fn terraform(&self, arguments: &[&str], trim: fn(&str) -> String) -> Outcome {
        say::command(format!("terraform {}", arguments.join(" ")));
        let run = self.run(arguments);
        if run.code != Some(0) {
            return Err(run.to_string().into());
        }
        say::quote(trim(&run.stdout));
        Ok(())
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let plain: Vec<&str> = arguments.iter().copied().chain(["-no-color"]).collect();
        self.workdir.terraform(&plain)
    }

    fn write_restore(&self, name: &str, time: Timestamp) {
        let text = format!(
            "resource \"dynamodb_restored_table\" \"orders\" {{\n  name = \"{name}\"\n\n  source = {{\n    \
             point_in_time = {{\n      table_name = \"orders\"\n      time       = \"{}\"\n    }}\n  }}\n}}\n",
            whole_second(time)
        );
        self.workdir.write("restore.tf", &text);
        say::quote(&text);
        say::line("");
    }

    fn show_items(&self, story: &Story, table: &str) -> Vec<String> {
        let keys = self.aws.keys(table);
        let list = if keys.is_empty() {
            "no items".to_owned()
        } else {
            keys.join(", ")
        };
        story.tell(&format!("table \"{table}\": {list}"));
        keys
    }
}

fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).expect("a moment without its fraction is a moment")
}
