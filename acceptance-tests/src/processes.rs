//! Processes of a running terraform: interrupting it as Ctrl-C does, and finding the providers that it started.

use std::fs;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group, test_kill_process};

use crate::workdir::drain;
use crate::{Run, wait_until};

/// A terraform command that runs in a process group of its own.
#[derive(Debug)]
pub struct Running {
    child: Child,
    command: String,
    started: Instant,
    stdout: Option<std::thread::JoinHandle<String>>,
    stderr: Option<std::thread::JoinHandle<String>>,
    /// What it has printed to standard output so far.
    said: Arc<Mutex<Vec<u8>>>,
}

impl Running {
    pub(crate) fn start(mut command: Command, text: String) -> Self {
        let mut child = command
            .process_group(0)
            .spawn()
            .unwrap_or_else(|err| panic!("starting terraform: {err}"));
        let said = Arc::default();
        let stdout = child.stdout.take().map(|pipe| follow(pipe, Arc::clone(&said)));
        let stderr = child.stderr.take().map(drain);
        Self {
            said,
            child,
            command: text,
            started: Instant::now(),
            stdout,
            stderr,
        }
    }

    /// Waits until it has printed this to standard output.
    ///
    /// # Panics
    /// If it does not within a minute.
    pub fn wait_for_output(&self, text: &str) {
        wait_until(
            &format!("{} to say {text:?}", self.command),
            Duration::from_secs(60),
            || {
                let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
                String::from_utf8_lossy(&said).contains(text).then_some(())
            },
        );
    }

    /// Sends SIGINT to terraform and everything it started, as a terminal does on Ctrl-C.
    ///
    /// # Panics
    /// If the group is gone.
    pub fn interrupt(&self) {
        kill_process_group(self.pid(), Signal::INT).expect("terraform runs, so its group is there");
    }

    /// Asks terraform itself to end with SIGTERM, as `kill` and a machine that shuts down do.
    ///
    /// # Panics
    /// If it is gone.
    pub fn terminate(&self) {
        kill_process(self.pid(), Signal::TERM).expect("terraform runs");
    }

    /// Sends SIGTERM to terraform and everything it started, as `timeout` and some CI runners do.
    ///
    /// # Panics
    /// If the group is gone.
    pub fn terminate_group(&self) {
        kill_process_group(self.pid(), Signal::TERM).expect("terraform runs, so its group is there");
    }

    /// Kills the provider that is at work with SIGKILL, which it cannot see coming.
    ///
    /// # Panics
    /// If there is none.
    pub fn kill_provider(&self) {
        let provider = wait_until(
            "terraform to have a provider running",
            Duration::from_secs(20),
            || children_named(self.child.id(), "terraform-provider-dynamodb").pop(),
        );
        kill_process(pid(provider), Signal::KILL).expect("the provider runs");
    }

    /// Kills terraform itself with SIGKILL.
    ///
    /// # Panics
    /// If it is gone.
    pub fn kill_terraform(&self) {
        kill_process(self.pid(), Signal::KILL).expect("terraform runs");
    }

    /// The processes of our provider that terraform has started and that still run.
    pub fn providers(&self) -> Vec<u32> {
        children_named(self.child.id(), "terraform-provider-")
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// If it does not end within `limit`.
    pub fn finish(mut self, limit: Duration) -> Run {
        let command = self.command.clone();
        let status = wait_until(&format!("`{command}` to end"), limit, || {
            self.child
                .try_wait()
                .unwrap_or_else(|err| panic!("waiting for {command}: {err}"))
        });
        let read = |reader: Option<std::thread::JoinHandle<String>>| {
            reader
                .map(|reader| reader.join().expect("readers do not panic"))
                .unwrap_or_default()
        };
        Run {
            command,
            code: status.code(),
            stdout: read(self.stdout.take()),
            stderr: read(self.stderr.take()),
            took: self.started.elapsed(),
        }
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Running {
    /// A test that panics must not leave terraform behind.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = kill_process_group(self.pid(), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// Reads a pipe to its end on a thread, and shows meanwhile what has been read.
fn follow(
    mut pipe: impl Read + Send + 'static,
    said: Arc<Mutex<Vec<u8>>>,
) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            said.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend_from_slice(&buffer[..count]);
        }
        let said = said.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&said).into_owned()
    })
}

/// Ends a program that we started: asks it first, since it may have started others, and then does not ask.
#[expect(
    clippy::disallowed_methods,
    reason = "another process has no clock that we could move"
)]
pub fn terminate(child: &mut Child) {
    if matches!(child.try_wait(), Ok(None)) {
        let _ = kill_process(Pid::from_child(child), Signal::TERM);
        let deadline = Instant::now() + Duration::from_secs(10);
        while matches!(child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// The children of a process whose program's name starts so. Reads `/proc`, or asks `ps` where there is none.
pub fn children_named(parent: u32, prefix: &str) -> Vec<u32> {
    processes()
        .into_iter()
        .filter(|process| process.parent == parent && process.name.starts_with(prefix))
        .map(|process| process.pid)
        .collect()
}

/// Whether a process is there.
pub fn is_running(process: u32) -> bool {
    test_kill_process(pid(process)).is_ok()
}

/// The peak of the resident memory of a process so far, in bytes. None once it has ended, or without `/proc`.
pub fn memory_peak(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

struct Process {
    pid: u32,
    parent: u32,
    /// The file name of the program.
    name: String,
}

fn processes() -> Vec<Process> {
    if !std::path::Path::new("/proc/self/stat").exists() {
        return processes_by_ps();
    }
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let pid: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // The name in brackets may contain anything; the fields after it are state and parent.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            // The name in `stat` is cut after 15 characters: the link to the program is not.
            let program = fs::read_link(format!("/proc/{pid}/exe")).ok()?;
            Some(Process {
                pid,
                parent,
                name: program.file_name()?.to_str()?.to_owned(),
            })
        })
        .collect()
}

fn processes_by_ps() -> Vec<Process> {
    let output = Command::new("ps")
        .args(["-A", "-o", "pid=,ppid=,comm="])
        .output()
        .expect("ps is there without /proc");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| {
            let mut fields = line.split_whitespace();
            let (pid, parent) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
            let name = fields.next()?.rsplit('/').next()?.to_owned();
            Some(Process { pid, parent, name })
        })
        .collect()
}

fn pid(number: u32) -> Pid {
    i32::try_from(number)
        .ok()
        .and_then(Pid::from_raw)
        .expect("a process id is a positive number")
}
