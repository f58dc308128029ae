//! `cargo xtask bench`: this provider and hashicorp/aws side by side on this machine, in one run, in turn.
//!
//! Not a test: the figures depend on the machine, and nothing fails on them. Builds a release. Without a mirror of
//! hashicorp/aws its columns stay empty.

mod contender;
mod handshake;
mod plans;
mod table;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use acceptance_tests::{Binaries, Profile, Terraform, hashicorp_aws_mirror};
use clap::Args;

use crate::bench::contender::Contender;
use crate::bench::plans::Scene;
use crate::bench::table::{Row, Table};
use crate::{Outcome, say, workspace};

/// Arguments of `bench`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Fewer objects and repetitions, and no run at AWS's documented rates.
    #[arg(long)]
    quick: bool,
    /// Only the plans of this many point-in-time recovery objects, once each, and nothing else.
    #[arg(long, conflicts_with = "quick")]
    objects: Option<usize>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let terraform = Terraform::find()?;
    let programs = Binaries::build(Profile::Release)?;
    let folder = workspace::target().join("bench");
    reset(&folder)?;
    let ours = Contender::ours(&folder, &programs.provider)?;
    let theirs = match hashicorp_aws_mirror() {
        Ok(mirror) => Some(Contender::hashicorp_aws(mirror)?),
        Err(missing) => {
            say::line(format!("not compared: {missing}"));
            None
        }
    };
    let mut table = Table::new(terraform.version());
    let scene = Scene {
        folder: folder.clone(),
        terraform,
        simulator: programs.simulator,
    };
    if let Some(count) = arguments.objects {
        recovery(arguments, &scene, &ours, theirs.as_ref(), count, &mut table)?;
        table.print();
        return reset_and_remove(&folder);
    }
    start(arguments, &ours, theirs.as_ref(), &mut table)?;
    empty_plan(arguments, &scene, &ours, theirs.as_ref(), &mut table)?;
    for count in if arguments.quick {
        &[1, 100][..]
    } else {
        &[1, 100, 500][..]
    } {
        recovery(arguments, &scene, &ours, theirs.as_ref(), *count, &mut table)?;
    }
    backups(arguments, &scene, &ours, &mut table)?;
    table.push(Row::size(
        "size of the release binary",
        theirs.as_ref().map(Contender::size),
        ours.size(),
        "<= 25 MB",
    ));
    table.print();
    reset_and_remove(&folder)
}

fn reset_and_remove(folder: &PathBuf) -> Outcome {
    reset(folder)?;
    Ok(fs::remove_dir(folder)?)
}

fn reset(folder: &PathBuf) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}

fn start(arguments: &Arguments, ours: &Contender, theirs: Option<&Contender>, table: &mut Table) -> Outcome {
    say::line("measuring the start");
    let certificate = handshake::client_certificate()?;
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    // One start of each that does not count, for the file cache.
    for run in 0..=if arguments.quick { 5 } else { 15 } {
        let (our_time, their_time) = (
            handshake::time(&ours.binary, &certificate)?,
            theirs
                .map(|theirs| handshake::time(&theirs.binary, &certificate))
                .transpose()?,
        );
        if run > 0 {
            our_times.push(our_time);
            their_times.extend(their_time);
        }
    }
    table.push(Row::time(
        "process start to handshake line",
        median(&their_times),
        median(&our_times),
        "<= 5 ms",
    ));
    Ok(())
}

fn empty_plan(
    arguments: &Arguments,
    scene: &Scene,
    ours: &Contender,
    theirs: Option<&Contender>,
    table: &mut Table,
) -> Outcome {
    say::line("measuring the plan of an empty configuration");
    let alone = scene.empty(None)?;
    let with_ours = scene.empty(Some(ours))?;
    let with_theirs = theirs.map(|theirs| scene.empty(Some(theirs))).transpose()?;
    let (mut baseline, mut our_times, mut their_times) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..=if arguments.quick { 3 } else { 7 } {
        let times = (
            alone.plan()?,
            with_ours.plan()?,
            with_theirs.as_ref().map(plans::Bench::plan).transpose()?,
        );
        if run > 0 {
            baseline.push(times.0);
            our_times.push(times.1);
            their_times.extend(times.2);
        }
    }
    let baseline = median(&baseline).unwrap_or_default();
    let over = |times: &[Duration]| median(times).map(|time| time.saturating_sub(baseline));
    table.push(Row::time(
        "plan of an empty configuration: terraform alone",
        None,
        Some(baseline),
        "",
    ));
    table.push(Row::time(
        "  with the provider, more than that",
        over(&their_times),
        over(&our_times),
        "<= 40 ms",
    ));
    table.push(Row::memory(
        "  peak memory of the provider",
        with_theirs.as_ref().map(plans::Bench::memory).transpose()?,
        with_ours.memory()?,
        "",
    ));
    Ok(())
}

fn recovery(
    arguments: &Arguments,
    scene: &Scene,
    ours: &Contender,
    theirs: Option<&Contender>,
    count: usize,
    table: &mut Table,
) -> Outcome {
    say::line(format!(
        "measuring plans of {count} point-in-time recovery objects"
    ));
    let aws = scene.aws_with_tables(count)?;
    let our_bench = scene.recovery(ours, &aws, count)?;
    let their_bench = theirs
        .map(|theirs| scene.recovery(theirs, &aws, count))
        .transpose()?;
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    let mut calls = (0, None);
    for _ in 0..if arguments.quick || count >= 500 { 1 } else { 3 } {
        let ours = our_bench.plan_counted(&aws)?;
        let theirs = their_bench
            .as_ref()
            .map(|bench| bench.plan_counted(&aws))
            .transpose()?;
        calls = (ours.1.total(), theirs.as_ref().map(|run| run.1.total()));
        our_times.push(ours.0);
        their_times.extend(theirs.map(|run| run.0));
    }
    let what = format!(
        "no-change plan of {count} PITR object{}",
        if count == 1 { "" } else { "s" }
    );
    table.push(Row::time(&what, median(&their_times), median(&our_times), ""));
    let memory = match count {
        1 => "<= 25 MB",
        500 => "<= 40 MB",
        _ => "",
    };
    table.push(Row::memory(
        "  peak memory of the provider",
        their_bench.as_ref().map(plans::Bench::memory).transpose()?,
        our_bench.memory()?,
        memory,
    ));
    table.push(Row::count("  AWS calls", calls.1, calls.0, "N + a constant"));
    if arguments.quick || count < 500 {
        return Ok(());
    }
    aws.at_documented_rates();
    let ours = our_bench.plan_counted(&aws)?;
    let theirs = their_bench
        .as_ref()
        .map(|bench| bench.plan_counted(&aws))
        .transpose()?;
    let what = "  at AWS's documented rates, 20 ms per call";
    table.push(Row::time(
        what,
        theirs.as_ref().map(|run| run.0),
        Some(ours.0),
        "<= 55 s",
    ));
    table.push(Row::count(
        "  throttled calls",
        theirs.as_ref().map(|run| run.1.throttled()),
        ours.1.throttled(),
        "0",
    ));
    Ok(())
}

fn backups(arguments: &Arguments, scene: &Scene, ours: &Contender, table: &mut Table) -> Outcome {
    let count = if arguments.quick { 100 } else { 1000 };
    say::line(format!("measuring plans of {count} backups of one table"));
    let aws = scene.aws_with_tables(1)?;
    let bench = scene.backups(ours, &aws, count)?;
    table.push(Row::count(
        &format!("AWS calls, no-change plan of {count} backups of one table"),
        None,
        bench.calls(&aws)?.total(),
        "ceil(N/100) + a constant",
    ));
    aws.at_documented_rates();
    let (time, calls) = bench.plan_counted(&aws)?;
    table.push(Row::time(
        "  at AWS's documented rates, 20 ms per call",
        None,
        Some(time),
        "<= 5 s",
    ));
    table.push(Row::count("  throttled calls", None, calls.throttled(), "0"));
    Ok(())
}

fn median(times: &[Duration]) -> Option<Duration> {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted.get(sorted.len() / 2).copied()
}

/// What a measurement can fail with.
type Measured<T> = Result<T, Box<dyn Error>>;
