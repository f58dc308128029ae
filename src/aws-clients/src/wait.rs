//! Waiting for AWS: until an object has a status, or until AWS stops saying "not now".

use std::time::Duration;

use crate::call::stopped;
use crate::clock::Clock;
use crate::cx::Cx;
use crate::error::{Error, ErrorKind, spoken};
use crate::pacing::{Stop, pause};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const GROWTH: f64 = 1.5;

/// How often a person is told that the wait goes on.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// How long DescribeTable may say "not found" just after a table was created or restored.
pub const NOT_FOUND_GRACE: Duration = Duration::from_secs(30);

/// What to wait for.
#[derive(Clone, Debug)]
pub struct Wait<'a> {
    /// As in "waiting for table Orders to become ACTIVE".
    pub doing: &'a str,
    /// Statuses on the way.
    pub pending: &'a [&'a str],
    /// Statuses that end the wait.
    pub target: &'a [&'a str],
    /// What it means when the object does not exist.
    pub gone: Gone<'a>,
    /// Longest pause between two looks; the first is half a second, and each is half as long again.
    pub longest_pause: Duration,
    /// What AWS goes on doing when we stop waiting, as in "AWS goes on restoring the table".
    pub goes_on: &'a str,
}

/// What it means when the object does not exist.
#[derive(Clone, Copy, Debug)]
pub enum Gone<'a> {
    /// It is what we wait for.
    Target,
    /// It is a failure, told in this sentence, unless the object was never seen and was created
    /// no longer than [`NOT_FOUND_GRACE`] ago.
    FailureOnceSeen(&'a str),
    /// It is a failure, told in this sentence.
    Failure(&'a str),
}

/// Waits until the object has one of the target statuses, or is gone where that is the target.
///
/// `find` looks once; it gives the object with its status: AWS's word, and where there is more to tell, that in
/// parentheses behind it, as in `RUNNING (50 % done)`.
///
/// # Errors
/// [`ErrorKind::TimedOut`] exactly at the context's deadline, [`ErrorKind::Cancelled`],
/// [`ErrorKind::UnexpectedStatus`] for a status that is neither pending nor target,
/// [`ErrorKind::NotFound`] when the object is gone, and what `find` fails with. Throttling and
/// outages do not end the wait.
pub async fn wait<T, F>(
    cx: &Cx,
    clock: &dyn Clock,
    wait: &Wait<'_>,
    mut find: impl FnMut() -> F,
) -> Result<Option<T>, Error>
where
    F: Future<Output = Result<Option<(String, T)>, Error>>,
{
    let started = clock.elapsed();
    let mut seen = false;
    let mut last = "not seen yet".to_owned();
    let mut next_pause = FIRST_PAUSE;
    let mut reported = started;
    loop {
        match find().await {
            Ok(Some((status, object))) => {
                seen = true;
                let word = status.split(" (").next().unwrap_or_default();
                if wait.target.contains(&word) {
                    return Ok(Some(object));
                }
                if !wait.pending.contains(&word) {
                    return Err(
                        Error::new(ErrorKind::UnexpectedStatus, wait.doing).because(format!(
                            "its status is {status}, from which it does not get to {}",
                            wait.target.join(" or ")
                        )),
                    );
                }
                last = status;
            }
            Ok(None) => match wait.gone {
                Gone::Target => return Ok(None),
                Gone::FailureOnceSeen(_)
                    if !seen && clock.elapsed().saturating_sub(started) < NOT_FOUND_GRACE => {}
                Gone::FailureOnceSeen(why) | Gone::Failure(why) => {
                    return Err(Error::new(ErrorKind::NotFound, wait.doing).because(why));
                }
            },
            Err(error) if matches!(error.kind(), ErrorKind::Throttled | ErrorKind::Unavailable) => {
                last = format!("no answer ({error})");
            }
            Err(error) if matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::TimedOut) => {
                return Err(end(cx, clock, wait, &last, error.kind()));
            }
            Err(error) => return Err(error.wrap_as(wait.doing)),
        }
        let now = clock.elapsed();
        if now.saturating_sub(reported) >= REPORT_EVERY {
            reported = now;
            tracing::info!(status = last, spent = %time_spent(cx, clock, started), "still {}", wait.doing);
        }
        let sleep = last_look(cx.remaining(clock), next_pause);
        if let Err(stop) = pause(cx, clock, sleep).await {
            let kind = if stop == Stop::Cancelled {
                ErrorKind::Cancelled
            } else {
                ErrorKind::TimedOut
            };
            return Err(end(cx, clock, wait, &last, kind));
        }
        next_pause = next_pause.mul_f64(GROWTH).min(wait.longest_pause);
    }
}

/// Shortens a pause that would end at the deadline or behind it, so that there is one more look
/// just before it.
fn last_look(remaining: Option<Duration>, pause: Duration) -> Duration {
    const BEFORE_THE_END: Duration = Duration::from_secs(1);
    match remaining {
        Some(remaining) if remaining <= pause && remaining > 2 * BEFORE_THE_END => remaining - BEFORE_THE_END,
        _ => pause,
    }
}

fn time_spent(cx: &Cx, clock: &dyn Clock, started: Duration) -> String {
    match cx.deadline() {
        Some(deadline) => format!(
            "{} of {}",
            spoken(deadline.spent(clock)),
            spoken(deadline.timeout())
        ),
        None => spoken(clock.elapsed().saturating_sub(started)),
    }
}

fn end(cx: &Cx, clock: &dyn Clock, wait: &Wait<'_>, last: &str, kind: ErrorKind) -> Error {
    let stop = if kind == ErrorKind::Cancelled {
        Stop::Cancelled
    } else {
        Stop::TimedOut
    };
    let resume = match stop {
        Stop::Cancelled => "the next apply resumes the wait",
        Stop::TimedOut => "the next apply resumes the wait; a longer time can be set in `timeouts`",
    };
    stopped(cx, clock, wait.doing, stop).because(format!(
        "the last status was {last}; {}, and {resume}",
        wait.goes_on
    ))
}

/// Repeats a call while AWS says "not now", with growing pauses, up to the context's deadline.
///
/// # Errors
/// The call's own error when it is not of that kind; at the deadline [`ErrorKind::TimedOut`], on
/// cancellation [`ErrorKind::Cancelled`], each with the last refusal as its source.
pub async fn retry_until<T, F>(
    cx: &Cx,
    clock: &dyn Clock,
    doing: &str,
    mut call: impl FnMut() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    const LONGEST_PAUSE: Duration = Duration::from_secs(10);
    let started = clock.elapsed();
    let mut next_pause = FIRST_PAUSE;
    let mut reported = started;
    loop {
        let refusal = match call().await {
            Err(error) if error.is_not_now() => error,
            other => return other,
        };
        let now = clock.elapsed();
        tracing::debug!(code = refusal.code(), "not now: {doing}");
        if now.saturating_sub(reported) >= REPORT_EVERY {
            reported = now;
            tracing::info!(code = refusal.code(), spent = %time_spent(cx, clock, started), "still {doing}");
        }
        if let Err(stop) = pause(cx, clock, last_look(cx.remaining(clock), next_pause)).await {
            let ended = stopped(cx, clock, doing, stop);
            return Err(refusal.wrap(ended.kind(), ended.to_string()));
        }
        next_pause = next_pause.mul_f64(GROWTH).min(LONGEST_PAUSE);
    }
}
