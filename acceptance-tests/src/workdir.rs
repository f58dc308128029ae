//! A folder with a Terraform configuration, and terraform commands in it with an environment of their own.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{Mirrors, Plan, Running, State, Terraform, environment};

/// Every command must end within this; what takes longer hangs.
const LIMIT: Duration = Duration::from_secs(180);

/// A folder with a Terraform configuration.
#[derive(Debug)]
pub struct Workdir {
    folder: PathBuf,
    /// Removed with this value, unless it is to be kept.
    _temporary: Option<TempDir>,
    terraform: Terraform,
    variables: BTreeMap<String, String>,
}

/// What a command left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The command as one would type it.
    pub command: String,
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// How long it took.
    pub took: Duration,
}

impl Run {
    /// Insists on success.
    ///
    /// # Panics
    /// With all that was printed.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.code == Some(0), "{self}");
        self
    }

    /// Insists on a failure that Terraform reports as such.
    ///
    /// # Panics
    /// With all that was printed.
    #[track_caller]
    pub fn fails(self) -> Self {
        assert!(self.code == Some(1), "this should have failed:\n{self}");
        self
    }

    /// Insists on a text in standard output or standard error, read without line breaks: Terraform wraps messages.
    ///
    /// # Panics
    /// With all that was printed.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let all = format!("{} {}", flat(&self.stdout), flat(&self.stderr));
        assert!(all.contains(&flat(text)), "{text:?} is missing:\n{self}");
        self
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            command,
            code,
            stdout,
            stderr,
            took,
        } = self;
        write!(
            f,
            "`{command}` ended with {code:?} after {took:.1?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}"
        )
    }
}

impl Workdir {
    /// A temporary folder, in which providers come from `mirrors` and commands see `variables`.
    ///
    /// # Panics
    /// If there is no terraform, or the folder cannot be made.
    pub fn new(mirrors: &Mirrors, variables: Vec<(String, String)>) -> Self {
        let mut temporary = tempfile::Builder::new()
            .prefix("terraform-dynamodb-")
            .tempdir()
            .unwrap_or_else(|err| panic!("making a temporary folder: {err}"));
        temporary.disable_cleanup(environment::text(environment::KEEP).is_some());
        let terraform = Terraform::find().unwrap_or_else(|err| panic!("{err}"));
        let folder = temporary.path().to_owned();
        Self::prepared(folder, Some(temporary), terraform, mirrors, variables)
            .unwrap_or_else(|err| panic!("writing into a temporary folder: {err}"))
    }

    /// The same in a folder that is there already and stays.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn at(
        folder: &Path,
        terraform: Terraform,
        mirrors: &Mirrors,
        variables: Vec<(String, String)>,
    ) -> std::io::Result<Self> {
        Self::prepared(folder.to_owned(), None, terraform, mirrors, variables)
    }

    fn prepared(
        folder: PathBuf,
        temporary: Option<TempDir>,
        terraform: Terraform,
        mirrors: &Mirrors,
        variables: Vec<(String, String)>,
    ) -> std::io::Result<Self> {
        // Terraform and the AWS SDKs look into the home folder; this one is empty.
        let home = folder.join(".home");
        fs::create_dir_all(&home)?;
        let config = home.join("terraform.rc");
        fs::write(&config, mirrors.cli_config())?;
        let mut all: BTreeMap<String, String> = variables.into_iter().collect();
        let own = [
            ("HOME", home.display().to_string()),
            ("TF_CLI_CONFIG_FILE", config.display().to_string()),
            ("TF_IN_AUTOMATION", "1".to_owned()),
            ("TF_INPUT", "0".to_owned()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("NO_PROXY", "127.0.0.1,localhost".to_owned()),
        ];
        all.extend(own.map(|(name, value)| (name.to_owned(), value)));
        Ok(Self {
            folder,
            _temporary: temporary,
            terraform,
            variables: all,
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Sets an environment variable for the commands that follow.
    pub fn set_variable(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Removes an environment variable for the commands that follow.
    pub fn unset_variable(&mut self, name: &str) {
        self.variables.remove(name);
    }

    /// Writes a file. `main.tf` gets the block that says where our provider comes from, unless it has a `terraform`
    /// block of its own.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).unwrap_or_else(|err| panic!("making {}: {err}", parent.display()));
        }
        fs::write(&path, text).unwrap_or_else(|err| panic!("writing {}: {err}", path.display()));
        if name == "main.tf" {
            let providers = self.folder.join("providers.tf");
            let outcome = if text.contains("required_providers") {
                fs::remove_file(providers).or_else(|err| match err.kind() {
                    std::io::ErrorKind::NotFound => Ok(()),
                    _ => Err(err),
                })
            } else {
                fs::write(providers, REQUIRED_PROVIDERS)
            };
            outcome.unwrap_or_else(|err| panic!("writing providers.tf: {err}"));
        }
    }

    /// Replaces `main.tf`.
    pub fn configure(&self, configuration: &str) {
        self.write("main.tf", configuration);
    }

    /// Runs a terraform command to its end.
    ///
    /// # Panics
    /// If it cannot be started, or hangs.
    pub fn terraform(&self, arguments: &[&str]) -> Run {
        self.run(arguments, LIMIT, |_| {})
    }

    /// The same, while `watch` is called with terraform's process id every two milliseconds or so, from another thread.
    ///
    /// # Panics
    /// If it cannot be started, or hangs.
    pub fn terraform_watched(&self, arguments: &[&str], watch: impl FnMut(u32) + Send + 'static) -> Run {
        self.run(arguments, Duration::from_millis(2), watch)
    }

    fn run(
        &self,
        arguments: &[&str],
        interval: Duration,
        mut watch: impl FnMut(u32) + Send + 'static,
    ) -> Run {
        let mut command = self.command(arguments);
        let started = Instant::now();
        let mut child = command
            .spawn()
            .unwrap_or_else(|err| panic!("starting terraform: {err}"));
        let stdout = drain(child.stdout.take().expect("it was piped"));
        let stderr = drain(child.stderr.take().expect("it was piped"));
        let pid = Pid::from_child(&child);
        let (ended, watched) = mpsc::channel::<()>();
        let watchdog = std::thread::spawn(move || {
            while watched.recv_timeout(interval) == Err(mpsc::RecvTimeoutError::Timeout) {
                if started.elapsed() >= LIMIT {
                    let _ = kill_process(pid, Signal::KILL);
                    return true;
                }
                watch(pid.as_raw_nonzero().get().unsigned_abs());
            }
            false
        });
        let status = child
            .wait()
            .unwrap_or_else(|err| panic!("waiting for terraform: {err}"));
        let took = started.elapsed();
        drop(ended);
        let hung = watchdog.join().expect("the watchdog does not panic");
        let join = |reader: std::thread::JoinHandle<String>| reader.join().expect("readers do not panic");
        let run = Run {
            command: format!("terraform {}", arguments.join(" ")),
            code: status.code(),
            stdout: join(stdout),
            stderr: join(stderr),
            took,
        };
        assert!(!hung, "this hung and was killed:\n{run}");
        run
    }

    /// Starts a terraform command in a process group of its own, as a shell does, so that it can be interrupted.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::start(
            self.command(arguments),
            format!("terraform {}", arguments.join(" ")),
        )
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.terraform.command();
        command
            .args(arguments)
            .envs(&self.variables)
            .current_dir(&self.folder);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// `terraform init`.
    #[track_caller]
    pub fn init(&self) -> Run {
        self.terraform(&["init", "-no-color"]).ok()
    }

    /// `terraform apply`, which must succeed.
    #[track_caller]
    pub fn apply(&self) -> Run {
        self.try_apply().ok()
    }

    /// `terraform apply`.
    pub fn try_apply(&self) -> Run {
        self.terraform(&["apply", "-auto-approve", "-no-color"])
    }

    /// `terraform plan`, which must succeed, read back as JSON.
    #[track_caller]
    pub fn plan(&self) -> Plan {
        self.plan_with(&[])
    }

    /// `terraform plan` with more arguments, which must succeed, read back as JSON.
    #[track_caller]
    pub fn plan_with(&self, arguments: &[&str]) -> Plan {
        let all: Vec<&str> = ["plan", "-no-color", "-out=plan.out"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        let run = self.terraform(&all).ok();
        let json = self.terraform(&["show", "-json", "plan.out"]).ok().stdout;
        let json = serde_json::from_str(&json).unwrap_or_else(|err| panic!("terraform show: {err}: {json}"));
        Plan {
            json,
            output: run.stdout + &run.stderr,
        }
    }

    /// Insists that a plan would do nothing.
    ///
    /// # Panics
    /// With the plan.
    #[track_caller]
    pub fn assert_empty_plan(&self) {
        let run = self.terraform(&["plan", "-no-color", "-detailed-exitcode"]);
        assert!(run.code == Some(0), "this plan should be empty:\n{run}");
    }

    /// `terraform plan`, which must be refused with exit code 1.
    #[track_caller]
    pub fn plan_fails(&self) -> Run {
        self.terraform(&["plan", "-no-color"]).fails()
    }

    /// `terraform destroy`, which must succeed.
    #[track_caller]
    pub fn destroy(&self) -> Run {
        self.terraform(&["destroy", "-auto-approve", "-no-color"]).ok()
    }

    /// The state.
    #[track_caller]
    pub fn state(&self) -> State {
        let json = self.terraform(&["show", "-json"]).ok().stdout;
        State {
            json: serde_json::from_str(&json).unwrap_or_else(|err| panic!("terraform show: {err}: {json}")),
        }
    }

    /// Forgets an object and imports it by id; every attribute must come out as it was, but those that AWS does not
    /// know. Then a plan may at most write those back in place.
    ///
    /// # Panics
    /// Shows what differs.
    #[track_caller]
    pub fn assert_import(&self, address: &str, id: &str, unknown_to_aws: &[&str]) {
        let before = self.state();
        self.terraform(&["state", "rm", address]).ok();
        self.terraform(&["import", "-no-color", address, id]).ok();
        let after = self.state();
        let known = |state: &State| {
            let mut values = state.values(address).clone();
            for attribute in unknown_to_aws {
                values
                    .as_object_mut()
                    .map(|values| values.shift_remove(*attribute));
            }
            values
        };
        let (before, after) = (known(&before), known(&after));
        assert!(
            before == after,
            "import of {id} gives another object:\n{before:#}\ninstead of\n{after:#}"
        );
        let plan = self.plan();
        let actions = plan.actions(address);
        let settled = if unknown_to_aws.is_empty() {
            actions == ["no-op"]
        } else {
            actions == ["no-op"] || actions == ["update"]
        };
        assert!(
            settled,
            "after the import of {id}, a plan would {actions:?}:\n{}",
            plan.output
        );
    }
}

/// Where our provider comes from.
const REQUIRED_PROVIDERS: &str = r#"terraform {
  required_providers {
    dynamodb = {
      source = "dynamodb-backup/dynamodb"
    }
  }
}
"#;

/// Reads a pipe to its end on a thread, so that a program that prints much never blocks.
pub(crate) fn drain(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
