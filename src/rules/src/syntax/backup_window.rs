//! How long AWS Backup may take to start a job and to complete it.

use crate::limits::{
    COMPLETION_AFTER_START_MINUTES_MIN, COMPLETION_WINDOW_MINUTES_DEFAULT, START_WINDOW_MINUTES_DEFAULT,
    START_WINDOW_MINUTES_MAX, START_WINDOW_MINUTES_MIN,
};

/// Start and completion window of a rule, in minutes after the scheduled time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BackupWindow {
    start: i64,
    completion: i64,
}

/// Why two numbers of minutes are not the windows of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackupWindowError {
    /// The start window is too short or too long.
    #[error(
        "the start window of {start} minutes is not between {START_WINDOW_MINUTES_MIN} and \
         {START_WINDOW_MINUTES_MAX}"
    )]
    Start {
        /// The start window, in minutes.
        start: i64,
    },
    /// The completion window ends too soon after the start window.
    #[error(
        "the completion window of {completion} minutes ends less than {COMPLETION_AFTER_START_MINUTES_MIN} minutes \
         after the start window of {start} minutes"
    )]
    Completion {
        /// The start window, in minutes; AWS's default where none was given.
        start: i64,
        /// The completion window, in minutes; AWS's default where none was given.
        completion: i64,
        /// The shortest completion window for that start window, in minutes.
        least: i64,
    },
}

impl BackupWindow {
    /// Takes two numbers of minutes. Where one is not given, AWS uses its default: 480 for the start, 10,080 for the
    /// completion.
    ///
    /// # Errors
    /// When the start window is not between 60 and 52,560,000 minutes, or the completion window is not at least 60
    /// minutes longer.
    pub fn from_minutes(start: Option<i64>, completion: Option<i64>) -> Result<Self, BackupWindowError> {
        let start = start.unwrap_or(START_WINDOW_MINUTES_DEFAULT);
        let completion = completion.unwrap_or(COMPLETION_WINDOW_MINUTES_DEFAULT);
        if !(START_WINDOW_MINUTES_MIN..=START_WINDOW_MINUTES_MAX).contains(&start) {
            return Err(BackupWindowError::Start { start });
        }
        let least = start + COMPLETION_AFTER_START_MINUTES_MIN;
        if completion < least {
            return Err(BackupWindowError::Completion {
                start,
                completion,
                least,
            });
        }
        Ok(Self { start, completion })
    }

    /// The start window, in minutes.
    pub fn start_minutes(self) -> i64 {
        self.start
    }

    /// The completion window, in minutes.
    pub fn completion_minutes(self) -> i64 {
        self.completion
    }
}

impl BackupWindowError {
    /// The catalogue id of the rule that is broken.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Start { .. } => "DBK-SCH-010",
            Self::Completion { .. } => "DBK-SCH-011",
        }
    }

    /// What to do, in a sentence.
    pub fn fix(&self) -> String {
        match self {
            Self::Start { .. } => format!(
                "Set start_window_minutes to {START_WINDOW_MINUTES_MIN} or more, or leave it out for AWS's default of \
                 {START_WINDOW_MINUTES_DEFAULT} minutes."
            ),
            Self::Completion { least, .. } => format!(
                "Set completion_window_minutes to {least} or more, or make start_window_minutes smaller. Without them AWS uses \
                 {START_WINDOW_MINUTES_DEFAULT} minutes to start and {COMPLETION_WINDOW_MINUTES_DEFAULT} to complete."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BackupWindow, BackupWindowError};

    fn minutes(start: Option<i64>, completion: Option<i64>) -> Option<(i64, i64)> {
        let window = BackupWindow::from_minutes(start, completion).ok()?;
        Some((window.start_minutes(), window.completion_minutes()))
    }

    #[test]
    fn what_is_not_given_is_awss_default() {
        assert_eq!(minutes(None, None), Some((480, 10_080)));
        assert_eq!(minutes(Some(60), None), Some((60, 10_080)));
        assert_eq!(minutes(None, Some(540)), Some((480, 540)));
        assert_eq!(minutes(None, Some(539)), None);
    }

    #[test]
    fn each_bound_is_where_aws_has_it() {
        assert_eq!(minutes(Some(60), Some(120)), Some((60, 120)));
        assert_eq!(
            minutes(Some(52_560_000), Some(52_560_060)),
            Some((52_560_000, 52_560_060))
        );
        let error = |start, completion| {
            BackupWindow::from_minutes(Some(start), Some(completion)).expect_err("out of bounds")
        };
        for start in [i64::MIN, -1, 0, 59, 52_560_001, i64::MAX] {
            assert_eq!(error(start, i64::MAX), BackupWindowError::Start { start });
        }
        for completion in [119, 0, i64::MIN] {
            let expected = BackupWindowError::Completion {
                start: 60,
                completion,
                least: 120,
            };
            assert_eq!(error(60, completion), expected);
        }
    }

    #[test]
    fn an_error_says_both_windows_and_the_bound() {
        let error = BackupWindow::from_minutes(Some(59), None).expect_err("too short");
        assert_eq!(
            format!("{error}. {}", error.fix()),
            "the start window of 59 minutes is not between 60 and 52560000. Set start_window_minutes to 60 or more, or leave \
             it out for AWS's default of 480 minutes."
        );
        let error = BackupWindow::from_minutes(Some(100), Some(120)).expect_err("too short");
        assert_eq!(
            format!("{error}. {}", error.fix()),
            "the completion window of 120 minutes ends less than 60 minutes after the start window of 100 minutes. \
             Set completion_window_minutes to 160 or more, or make start_window_minutes smaller. Without them AWS uses 480 minutes to \
             start and 10080 to complete."
        );
    }
}
