//! Standard output: one line for Terraform, then silence.
//!
//! Terraform reads lines from it for ever and throws them away, but a line that is too long stops it
//! reading, and then the next write blocks for ever. So file descriptor 1 leads to `/dev/null` once the
//! line is out, whoever may print to it. The pipe itself stays open in another descriptor, which shows
//! when Terraform is gone.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::fd::OwnedFd;

use rustix::event::{PollFd, PollFlags, poll};

use crate::stop::{Stop, StopReason};

/// The standard output that the process was started with.
#[derive(Debug)]
pub(crate) struct Stdout {
    // Closed in programs that we might start: Terraform waits until nobody holds the pipe.
    pipe: OwnedFd,
}

impl Stdout {
    /// Prints the one line and turns descriptor 1 away.
    pub(crate) fn hand_over(line: &str) -> io::Result<Self> {
        let pipe = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?;
        let mut out = io::stdout().lock();
        out.write_all(format!("{line}\n").as_bytes())?;
        out.flush()?;
        let null = OpenOptions::new().write(true).open("/dev/null")?;
        rustix::stdio::dup2_stdout(&null)?;
        Ok(Self { pipe })
    }

    /// Ends the server when nobody reads the pipe any more, that is when Terraform is gone, however it
    /// died. Standard input tells nothing: it is Terraform's own.
    ///
    /// A thread waits for it, which costs nothing while all is well. Where standard output is a file
    /// or a terminal, nothing is ever noticed.
    pub(crate) fn stop_when_abandoned(self, stop: Stop) -> io::Result<()> {
        std::thread::Builder::new()
            .name("parent".to_owned())
            .stack_size(64 * 1024)
            .spawn(move || {
                if wait_for_hangup(&self.pipe) {
                    stop.now(StopReason::ParentGone);
                }
            })?;
        Ok(())
    }
}

fn wait_for_hangup(pipe: &OwnedFd) -> bool {
    loop {
        // No events are asked for: errors and hang-ups are always reported.
        let mut watched = [PollFd::new(pipe, PollFlags::empty())];
        match poll(&mut watched, None) {
            Ok(_) => {
                let seen = watched[0].revents();
                if seen.intersects(PollFlags::ERR | PollFlags::HUP) {
                    return true;
                }
                if seen.contains(PollFlags::NVAL) {
                    return false;
                }
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}
