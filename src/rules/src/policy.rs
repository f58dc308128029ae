//! Changes the severity of what rules report, or switches rules off, each with a reason. Looks at no facts.
//!
//! Raising is always allowed. Lowering and switching off are not where the work would fail all the same: what AWS
//! refuses it refuses whatever a plan says, and an apply that fails half-way is worse than a plan that is refused.

use std::collections::BTreeMap;
use std::fmt;

use crate::finding::{Finding, Regraded, Severity};
use crate::prose;
use crate::registry::{RULES, find_rule};
use crate::rule::{Rule, RuleId};

/// Errors that may be lowered and switched off although AWS has an answer of its own, sorted: what they know of AWS
/// ages, so that AWS may allow by now what they refuse.
const AGEING: &[&str] = &[
    // The Regions that take no part in restores across Regions.
    "DBK-XRG-003",
];

/// Errors that AWS has no answer to and that must stand all the same, sorted by id, with why.
const INDISPENSABLE: &[(&str, &str)] = &[
    (
        "DBK-ARN-012",
        "AWS would delete whatever backup has the same id in the other Region, at once and for good",
    ),
    (
        "DBK-RPT-002",
        "a moment that cannot be read cannot be sent to AWS",
    ),
    (
        "DBK-RST-002",
        "AWS takes a backup or a point in time, in two different calls, and there is no call that takes both",
    ),
];

/// What is to become of the findings of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// They are not reported.
    Off,
    /// They are warnings.
    Warning,
    /// They are errors, also those of a lesser case.
    Error,
}

impl Level {
    /// Every level, sorted.
    pub const ALL: &'static [Self] = &[Self::Off, Self::Warning, Self::Error];

    /// Reads `off`, `warning` or `error`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.as_str() == word)
    }

    /// The level as it is written in a configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a rule cannot be set to a level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No rule has this id.
    #[error("there is no rule {id:?}")]
    UnknownRule {
        /// What was given.
        id: String,
        /// The rule that was most likely meant.
        nearest: Option<RuleId>,
    },
    /// Another rule speaks for this id. Its findings cannot be told apart, so it is set by its own id alone.
    #[error("{id} is part of rule {rule}")]
    Merged {
        /// What was given.
        id: String,
        /// The rule that speaks for it.
        rule: RuleId,
    },
    /// AWS refuses what the rule refuses.
    #[error("AWS refuses what rule {rule} refuses, with {aws_error}")]
    EnforcedByAws {
        /// The rule.
        rule: RuleId,
        /// What AWS says.
        aws_error: &'static str,
    },
    /// The work cannot be done, or would do harm, although AWS does not refuse it.
    #[error("rule {rule} cannot be done without, because {why}")]
    Indispensable {
        /// The rule.
        rule: RuleId,
        /// Why.
        why: &'static str,
    },
    /// The reason is missing.
    #[error("no reason is given for another severity of rule {rule}")]
    NoReason {
        /// The rule.
        rule: RuleId,
    },
}

/// The rules whose severity is changed. The default changes none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    settings: BTreeMap<RuleId, Setting>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Setting {
    level: Level,
    reason: String,
}

/// One rule whose severity is changed.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The rule.
    pub rule: &'static Rule,
    /// What becomes of its findings.
    pub level: Level,
    /// Why.
    pub reason: &'a str,
}

impl Change<'_> {
    /// Whether less is reported than the rule itself would report.
    pub fn lowers(&self) -> bool {
        self.level.severity() < Some(self.rule.severity)
    }
}

/// What a policy makes of one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is reported as the rule reports it.
    Stands,
    /// It is reported with this severity.
    Regraded(Severity, Regraded),
    /// It is not reported, for this reason.
    Suppressed(String),
}

/// Findings under a policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reviewed {
    /// What is reported: errors first, otherwise in the order of the rules.
    pub findings: Vec<Finding>,
    /// What is not reported, because its rule is switched off.
    pub suppressed: Vec<Finding>,
}

impl Policy {
    /// Finds the rule that can be set by this id.
    ///
    /// # Errors
    /// When no rule has the id, or another rule speaks for it.
    pub fn rule(id: &str) -> Result<&'static Rule, PolicyError> {
        match find_rule(id) {
            Some(rule) if rule.id.as_str() == id => Ok(rule),
            Some(rule) => Err(PolicyError::Merged {
                id: id.to_owned(),
                rule: rule.id,
            }),
            None => Err(PolicyError::UnknownRule {
                id: id.to_owned(),
                nearest: nearest(id),
            }),
        }
    }

    /// Says whether a rule may be set to a level.
    ///
    /// # Errors
    /// When an error would be lowered or switched off for which the work fails all the same.
    pub fn permits(rule: &'static Rule, level: Level) -> Result<(), PolicyError> {
        if rule.severity == Severity::Warning || level == Level::Error {
            return Ok(());
        }
        let id = rule.id.as_str();
        if let Some((_, why)) = INDISPENSABLE.iter().find(|(it, _)| *it == id) {
            return Err(PolicyError::Indispensable { rule: rule.id, why });
        }
        match rule.aws_error {
            Some(aws_error) if !AGEING.contains(&id) => Err(PolicyError::EnforcedByAws {
                rule: rule.id,
                aws_error,
            }),
            _ => Ok(()),
        }
    }

    /// Sets a rule to a level, in place of an earlier setting.
    ///
    /// # Errors
    /// When [`rule`](Self::rule) does not find it, [`permits`](Self::permits) does not allow it, or the reason is blank.
    pub fn set(&mut self, id: &str, level: Level, reason: &str) -> Result<(), PolicyError> {
        let rule = Self::rule(id)?;
        Self::permits(rule, level)?;
        // One paragraph, wherever it is shown.
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        if reason.is_empty() {
            return Err(PolicyError::NoReason { rule: rule.id });
        }
        self.settings.insert(rule.id, Setting { level, reason });
        Ok(())
    }

    /// The rules whose severity is set, sorted by id.
    pub fn changes(&self) -> impl Iterator<Item = Change<'_>> {
        RULES.iter().filter_map(|rule| {
            let Setting { level, reason } = self.settings.get(&rule.id)?;
            Some(Change {
                rule,
                level: *level,
                reason,
            })
        })
    }

    /// Judges what a rule reports with this severity. A lesser case, which a rule of severity error reports as a
    /// warning, stays a warning unless the rule is raised.
    pub fn judge(&self, rule: RuleId, severity: Severity) -> Verdict {
        let Some(Setting { level, reason }) = self.settings.get(&rule) else {
            return Verdict::Stands;
        };
        match level.severity() {
            None => Verdict::Suppressed(reason.clone()),
            Some(set) if set == severity => Verdict::Stands,
            Some(set) => Verdict::Regraded(
                set,
                Regraded {
                    from: severity,
                    reason: reason.clone(),
                },
            ),
        }
    }

    /// Applies the policy to what [`check`](crate::check) has found.
    pub fn apply(&self, findings: Vec<Finding>) -> Reviewed {
        let mut reviewed = Reviewed::default();
        for mut finding in findings {
            match self.judge(finding.rule, finding.severity) {
                Verdict::Stands => reviewed.findings.push(finding),
                Verdict::Regraded(severity, regraded) => {
                    finding.severity = severity;
                    finding.regraded = Some(regraded);
                    reviewed.findings.push(finding);
                }
                Verdict::Suppressed(_) => reviewed.suppressed.push(finding),
            }
        }
        reviewed.findings.sort_by_key(|it| std::cmp::Reverse(it.severity));
        reviewed
    }
}

/// The rule that a text most likely means: by its name, or by an id that is close.
fn nearest(text: &str) -> Option<RuleId> {
    let named = RULES.iter().find(|it| it.name == text);
    let close = || {
        let id = prose::nearest(text, RULES.iter().map(|it| it.id.as_str()))?;
        find_rule(id)
    };
    named.or_else(close).map(|it| it.id)
}

#[cfg(test)]
mod tests;
