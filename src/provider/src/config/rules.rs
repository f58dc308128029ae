//! `validation.rules`: the severity of rules as the provider block sets it, what is wrong with it, and what it does to
//! the messages of a plan.

use std::collections::BTreeSet;

use rules::policy::{Level, Policy, PolicyError, Verdict};
use rules::{RuleId, Severity, find_rule};
use tfsdk::{Attr, Diagnostic, Path, Review, Walk};

use super::model::{Config, RuleSetting};

impl Config {
    /// What is wrong with the settings of rules, each at its place. What is not known yet is not faulted.
    pub(super) fn faulty_rules(&self) -> Vec<Diagnostic> {
        self.rule_settings()
            .flat_map(|(id, setting)| faults(id, setting))
            .collect()
    }

    /// The severity of rules, as far as it is known.
    pub(crate) fn policy(&self) -> Policy {
        let mut policy = Policy::default();
        for (id, setting) in self.rule_settings() {
            if let Some((level, reason)) = known(setting) {
                // What is refused was said when the block was validated.
                let _ = policy.set(id, level, reason);
            }
        }
        policy
    }

    /// What becomes of the findings of rules. Before anything has its value, a rule that may turn out to be switched off
    /// keeps silent: it is asked again. Afterwards a rule whose setting is not known speaks as it does by itself.
    pub(crate) fn review(&self, walk: Walk) -> Review {
        let policy = self.policy();
        let undecided = match walk {
            Walk::Validate => self.undecided_rules(),
            Walk::Plan => Undecided::default(),
        };
        Review::new(move |diagnostic| reviewed(diagnostic, &policy, &undecided))
    }

    /// Says which rules do not say what they would say, and why, so that every log shows it.
    pub(crate) fn lowered_rules(&self) -> Option<Diagnostic> {
        let policy = self.policy();
        let lines: Vec<String> = policy
            .changes()
            .filter(|it| it.lowers())
            .map(|it| {
                format!(
                    "{} ({}): {} instead of {}. The reason given: {}",
                    it.rule.id, it.rule.title, it.level, it.rule.severity, it.reason
                )
            })
            .collect();
        if lines.is_empty() {
            return None;
        }
        Some(
            Diagnostic::warning(
                "Rules are switched off or lowered",
                format!(
                    "The provider block changes what a plan says:\n\n{}\n\nTo have the severity of a rule back, remove its \
                     entry.",
                    lines.join("\n\n")
                ),
            )
            .at(rules_path()),
        )
    }

    fn rule_settings(&self) -> impl Iterator<Item = (&String, &Attr<RuleSetting>)> {
        self.validation
            .known()
            .and_then(|it| it.rules.known())
            .into_iter()
            .flatten()
    }

    fn undecided_rules(&self) -> Undecided {
        let rules = match &self.validation {
            Attr::Known(validation) => &validation.rules,
            Attr::Unknown => return Undecided::Any,
            Attr::Null => return Undecided::default(),
        };
        if rules.is_unknown() {
            return Undecided::Any;
        }
        let ids = self.rule_settings().filter(|(_, setting)| match setting {
            Attr::Unknown => true,
            Attr::Known(it) => it.severity.is_unknown() || it.reason.is_unknown(),
            Attr::Null => false,
        });
        Undecided::These(ids.filter_map(|(id, _)| Some(find_rule(id)?.id)).collect())
    }
}

/// Rules whose setting is not known yet.
#[derive(Debug)]
enum Undecided {
    These(BTreeSet<RuleId>),
    Any,
}

impl Default for Undecided {
    fn default() -> Self {
        Self::These(BTreeSet::new())
    }
}

impl Undecided {
    fn contains(&self, rule: RuleId) -> bool {
        match self {
            Self::These(rules) => rules.contains(&rule),
            Self::Any => true,
        }
    }
}

fn reviewed(diagnostic: Diagnostic, policy: &Policy, undecided: &Undecided) -> Option<Diagnostic> {
    let Some(rule) = diagnostic.code.and_then(find_rule) else {
        return Some(diagnostic);
    };
    if undecided.contains(rule.id) && Policy::permits(rule, Level::Off).is_ok() {
        return None;
    }
    let severity = if diagnostic.is_error() {
        Severity::Error
    } else {
        Severity::Warning
    };
    match policy.judge(rule.id, severity) {
        Verdict::Stands => Some(diagnostic),
        Verdict::Suppressed(reason) => {
            tracing::info!(rule = %rule.id, reason, "a finding is not shown: its rule is switched off");
            None
        }
        Verdict::Regraded(severity, regraded) => Some(Diagnostic {
            severity: match severity {
                Severity::Error => tfsdk::Severity::Error,
                Severity::Warning => tfsdk::Severity::Warning,
            },
            detail: format!("{}\n\n{}", diagnostic.detail, regraded.text(severity)),
            ..diagnostic
        }),
    }
}

fn known(setting: &Attr<RuleSetting>) -> Option<(Level, &str)> {
    let setting = setting.known()?;
    let level = Level::parse(setting.severity.known()?)?;
    Some((level, setting.reason.known()?))
}

fn faults(id: &str, setting: &Attr<RuleSetting>) -> Vec<Diagnostic> {
    let path = rules_path().key(id);
    let rule = match Policy::rule(id) {
        Ok(rule) => rule,
        Err(err) => return vec![told(&err).at(path)],
    };
    let Attr::Known(RuleSetting { severity, reason }) = setting else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let level = severity.known().and_then(|word| Level::parse(word));
    if let Some(Err(err)) = level.map(|level| Policy::permits(rule, level)) {
        found.push(told(&err).at(path.clone().attribute("severity")));
    }
    if reason.known().is_some_and(|reason| reason.trim().is_empty()) {
        let err = PolicyError::NoReason { rule: rule.id };
        found.push(told(&err).at(path.attribute("reason")));
    }
    found
}

fn told(err: &PolicyError) -> Diagnostic {
    let (summary, detail) = match err {
        PolicyError::UnknownRule { id, nearest } => (
            "No such rule",
            format!(
                "There is no rule {id:?}.\n\n{}",
                match nearest {
                    Some(nearest) => {
                        let title = find_rule(nearest.as_str()).map_or("", |rule| rule.title);
                        format!("Did you mean \"{nearest}\" ({title})? Otherwise remove the entry.")
                    }
                    None =>
                        "Write the id that a message shows in its line \"Rule\", for example \"DBK-BKP-019\"."
                            .to_owned(),
                }
            ),
        ),
        PolicyError::Merged { id, rule } => (
            "Rule is part of another",
            format!(
                "Rule {rule} speaks for {id} as well, and what it finds for the one cannot be told from what it finds for \
                 the other.\n\nWrite \"{rule}\" instead of \"{id}\". It then holds for both."
            ),
        ),
        PolicyError::EnforcedByAws { rule, aws_error } => (
            "Rule cannot be lowered or switched off",
            format!(
                "AWS refuses what rule {rule} refuses, whatever a plan says. A plan that kept silent would fail in the apply, \
                 perhaps with half of the work done. AWS would answer: {aws_error}\n\nRemove this entry. To make errors of \
                 what the rule only warns of, severity = \"error\" is allowed."
            ),
        ),
        PolicyError::Indispensable { rule, why } => (
            "Rule cannot be lowered or switched off",
            format!("Rule {rule} must stand: {why}.\n\nRemove this entry."),
        ),
        PolicyError::NoReason { rule } => (
            "Reason is blank",
            format!(
                "Rule {rule} gets another severity, and the reason is blank. It is printed wherever the severity matters, \
                 for whoever reads the plan.\n\nSay why, for example reason = \"backups of this account are kept by \
                 AWS Backup\"."
            ),
        ),
    };
    Diagnostic::error(summary, detail)
}

fn rules_path() -> Path {
    Path::of("validation").attribute("rules")
}
