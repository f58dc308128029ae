//! Broken rules as diagnostics, pointed at the attribute.

use rules::{Facts, Finding, Policy, Segment, Severity, Subject};
use tfsdk::{Diagnostic, Diagnostics, Path};

/// Turns findings into diagnostics, for `validate` and `plan`. Each is coded with its rule: by that the server reviews
/// them all, as the provider block says (`config::review`), so that no resource needs to. `path_of` is the resource's
/// table from what a rule speaks of to its attribute.
pub(crate) fn from_findings(
    findings: impl IntoIterator<Item = Finding>,
    path_of: fn(&Subject) -> Path,
) -> impl Iterator<Item = Diagnostic> {
    findings.into_iter().map(move |finding| {
        let path = path_of(&finding.subject);
        let detail = finding.text();
        let diagnostic = match finding.severity {
            Severity::Error => Diagnostic::error(finding.summary, detail),
            Severity::Warning => Diagnostic::warning(finding.summary, detail),
        };
        diagnostic.at(path).coded(finding.rule.as_str())
    })
}

/// Checks once more right before the work, where no server reviews what is found. Warnings were said by the plan.
///
/// # Errors
/// What is in the way.
pub(crate) fn refuse(
    policy: &Policy,
    facts: &Facts,
    path_of: fn(&Subject) -> Path,
) -> Result<(), Diagnostics> {
    let reviewed = policy.apply(rules::check(facts));
    let errors: Diagnostics = from_findings(reviewed.findings, path_of)
        .filter(Diagnostic::is_error)
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// What is broken in a plan beyond what the configuration alone shows: that was said when it was validated, which
/// Terraform does in every plan, and saying it twice helps nobody.
pub(crate) fn beyond_config(
    planned: &Facts,
    config: &Facts,
    path_of: fn(&Subject) -> Path,
) -> Vec<Diagnostic> {
    let said = rules::check(config);
    let new = rules::check(planned)
        .into_iter()
        .filter(|finding| !said.contains(finding));
    from_findings(new, path_of).collect()
}

/// Where the argument stands that a rule speaks of, if it has the name that the rules know it by, as it has in nearly all
/// resources. The root for the object as a whole.
///
/// Terraform finds an entry of a map or list in the configuration, and shows its line, but nothing inside of it: a longer
/// path would make it point at the whole resource. So the path ends at the entry, and the text names the argument.
pub(crate) fn path_of_subject(subject: &Subject) -> Path {
    let step = |path: Path, segment: Segment<'_>| match segment {
        Segment::Attribute(name) => path.attribute(name),
        Segment::Key(key) => path.key(key),
        Segment::Index(index) => path.index(i64::try_from(index).unwrap_or(i64::MAX)),
    };
    let mut segments = subject.segments();
    if let Some(entry) = segments
        .iter()
        .position(|it| matches!(it, Segment::Key(_) | Segment::Index(_)))
    {
        segments.truncate(entry + 1);
    }
    segments.into_iter().fold(Path::root(), step)
}
