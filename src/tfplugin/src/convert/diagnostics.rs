//! Diagnostics and paths, to protobuf.

use tfsdk::{Diagnostic, Diagnostics, Path, Severity, Step};

use crate::generated::tfplugin6 as proto;

/// Diagnostics, in their order.
pub(crate) fn to_proto(diagnostics: Diagnostics) -> Vec<proto::Diagnostic> {
    diagnostics.into_iter().map(diagnostic).collect()
}

/// A path. Protobuf has no step into a set, and neither have our paths.
pub(crate) fn path(path: &Path) -> proto::AttributePath {
    use proto::attribute_path::{Step as ProtoStep, step::Selector};
    let step = |step: &Step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Index(index) => Selector::ElementKeyInt(*index),
        };
        ProtoStep {
            selector: Some(selector),
        }
    };
    proto::AttributePath {
        steps: path.steps().iter().map(step).collect(),
    }
}

fn diagnostic(diagnostic: Diagnostic) -> proto::Diagnostic {
    // There is a severity 0 too, with which a message is shown but does not fail the run.
    let severity = match diagnostic.severity {
        Severity::Error => proto::diagnostic::Severity::Error,
        Severity::Warning => proto::diagnostic::Severity::Warning,
    };
    proto::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        attribute: diagnostic.path.as_ref().map(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_and_paths() {
        use proto::attribute_path::step::Selector;
        let at = Path::of("rules").key("nightly").attribute("times").index(2);
        let diagnostics: Diagnostics = [Diagnostic::error("a", "b").at(at), Diagnostic::warning("c", "d")]
            .into_iter()
            .collect();
        let [error, warning] = to_proto(diagnostics).try_into().expect("two");
        assert_eq!(
            (error.severity, error.summary.as_str(), error.detail.as_str()),
            (1, "a", "b")
        );
        assert_eq!((warning.severity, warning.attribute), (2, None));
        let steps: Vec<_> = error
            .attribute
            .expect("a path")
            .steps
            .into_iter()
            .filter_map(|step| step.selector)
            .collect();
        assert_eq!(
            steps,
            [
                Selector::AttributeName("rules".to_owned()),
                Selector::ElementKeyString("nightly".to_owned()),
                Selector::AttributeName("times".to_owned()),
                Selector::ElementKeyInt(2),
            ]
        );
    }
}
