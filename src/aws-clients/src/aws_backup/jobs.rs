//! What backup, copy and restore jobs have in common: the wait for their end, and a role that is too new to be assumed.

use std::time::Duration;

use crate::call::stopped;
use crate::clock::Clock;
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::pacing::pause;
use crate::wait::{Gone, Wait, wait};
use crate::words::JobState;

/// A new IAM role is not known everywhere at once; AWS Backup needs up to two minutes (SEL-010).
const ROLE_SPREADS_WITHIN: Duration = Duration::from_secs(120);

/// A job as one look at it shows it.
#[derive(Debug)]
pub(super) struct Look<J> {
    pub(super) state: JobState,
    /// AWS's own word on it, and the only one that says why a job has failed.
    pub(super) status_message: Option<String>,
    /// From 0 to 100, where AWS counts.
    pub(super) percent_done: Option<i64>,
    pub(super) job: J,
}

/// Waits until a job is COMPLETED.
///
/// # Errors
/// [`ErrorKind::JobFailed`] when it has ended otherwise, with AWS's message; [`ErrorKind::NotFound`] when AWS does not
/// know the job any more; and as [`wait`].
pub(super) async fn wait_job<J, F>(
    cx: &Cx,
    clock: &dyn Clock,
    doing: &str,
    goes_on: &str,
    mut find: impl FnMut() -> F,
) -> Result<J, Error>
where
    F: Future<Output = Result<Option<Look<J>>, Error>>,
{
    const GONE: &str = "AWS Backup does not know the job any more";
    let what = Wait {
        doing,
        pending: &["CREATED", "PENDING", "RUNNING", "ABORTING"],
        target: &["COMPLETED"],
        gone: Gone::FailureOnceSeen(GONE),
        longest_pause: Duration::from_secs(30),
        goes_on,
    };
    let look = || {
        let found = find();
        async {
            let Some(look) = found.await? else { return Ok(None) };
            match ended_badly(&look) {
                Some(why) => Err(Error::new(ErrorKind::JobFailed, doing).because(why)),
                None => Ok(Some((progress(&look), look.job))),
            }
        }
    };
    let completed = wait(cx, clock, &what, look).await?;
    completed.ok_or_else(|| Error::new(ErrorKind::NotFound, doing).because(GONE))
}

/// The status of a job that goes on, with how far it is.
fn progress<J>(look: &Look<J>) -> String {
    match look.percent_done.filter(|_| look.state == JobState::Running) {
        Some(percent) => format!("{} ({percent} % done)", look.state),
        None => look.state.to_string(),
    }
}

/// Why a job has ended without success, if it has.
fn ended_badly<J>(look: &Look<J>) -> Option<String> {
    let meaning = match look.state {
        JobState::Failed => "the job FAILED",
        JobState::Aborted => "the job was ABORTED: somebody stopped it, or it ran past its completion window",
        JobState::Expired => "the job EXPIRED: it did not start within its start window",
        JobState::Partial => "the job ended PARTIAL: it did not take everything, which is not a whole backup",
        _ => return None,
    };
    Some(match look.status_message.as_deref().map(str::trim) {
        Some(message) if !message.is_empty() => {
            format!("{meaning}. AWS Backup says: {}", message.trim_end_matches('.'))
        }
        _ => format!("{meaning}, and AWS Backup gives no reason"),
    })
}

/// The whole percents of what AWS writes as "50.0".
pub(super) fn percent(text: Option<&str>) -> Option<i64> {
    let percent: f64 = text?.trim().trim_end_matches('%').parse().ok()?;
    (0.0..=100.0).contains(&percent).then(|| percent.floor() as i64)
}

/// Makes a call again for two minutes while AWS Backup cannot assume the role, which may be new.
///
/// # Errors
/// What the call fails with.
pub(super) async fn while_role_spreads<T, F>(
    cx: &Cx,
    clock: &dyn Clock,
    doing: &str,
    mut call: impl FnMut() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    const PAUSE: Duration = Duration::from_secs(5);
    let started = clock.elapsed();
    loop {
        let refusal = match call().await {
            Err(error) if is_about_new_role(&error) => error,
            other => return other,
        };
        if clock.elapsed().saturating_sub(started) + PAUSE > ROLE_SPREADS_WITHIN {
            return Err(refusal);
        }
        tracing::info!("AWS Backup cannot assume the role yet: {doing}");
        if let Err(stop) = pause(cx, clock, PAUSE).await {
            let ended = stopped(cx, clock, doing, stop);
            return Err(refusal.wrap(ended.kind(), ended.to_string()));
        }
    }
}

/// AWS has one code for all that is wrong with a request, so its words decide.
fn is_about_new_role(error: &Error) -> bool {
    let message = error.message().unwrap_or_default();
    error.kind() == ErrorKind::Invalid && message.contains("cannot be assumed by AWS Backup")
}

#[cfg(test)]
mod tests {
    use super::{Look, ended_badly, percent, progress};
    use crate::words::JobState;

    fn look(state: &str, message: Option<&str>, percent_done: Option<i64>) -> Look<()> {
        Look {
            state: JobState::from(state),
            status_message: message.map(str::to_owned),
            percent_done,
            job: (),
        }
    }

    #[test]
    fn a_job_that_runs_says_how_far_it_is() {
        assert_eq!(progress(&look("RUNNING", None, Some(50))), "RUNNING (50 % done)");
        assert_eq!(progress(&look("RUNNING", None, None)), "RUNNING");
        assert_eq!(progress(&look("CREATED", None, Some(0))), "CREATED");
    }

    #[test]
    fn a_job_that_failed_says_why() {
        for (state, message, why) in [
            (
                "FAILED",
                Some("No access."),
                Some("the job FAILED. AWS Backup says: No access"),
            ),
            (
                "FAILED",
                Some(" "),
                Some("the job FAILED, and AWS Backup gives no reason"),
            ),
            (
                "EXPIRED",
                None,
                Some(
                    "the job EXPIRED: it did not start within its start window, and AWS Backup gives no reason",
                ),
            ),
            ("COMPLETED", Some("fine"), None),
            ("ABORTING", None, None),
        ] {
            assert_eq!(
                ended_badly(&look(state, message, None)).as_deref(),
                why,
                "{state}"
            );
        }
        for state in ["ABORTED", "PARTIAL"] {
            assert!(ended_badly(&look(state, None, None)).is_some(), "{state}");
        }
    }

    #[test]
    fn percents_are_whole() {
        for (text, expected) in [
            ("50.0", Some(50)),
            ("99.9", Some(99)),
            ("100", Some(100)),
            ("7%", Some(7)),
            ("101", None),
            ("-1", None),
            ("much", None),
        ] {
            assert_eq!(percent(Some(text)), expected, "{text}");
        }
        assert_eq!(percent(None), None);
    }
}
