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
        attribute: diagnostic
            .path
            .as_ref()
            .map(|exact| path(&as_far_as_terraform_looks(exact))),
    }
}

/// The part of a path for which Terraform finds the source line.
///
/// Terraform (1.11 to 1.16 alike) follows a path through nested blocks, but not into the expression of a nested
/// attribute: there it knows the attribute itself and, by key, one element of a map, and an object is written like
/// a map. Asked for `source.point_in_time.time` it would show the first line of the whole resource; asked for
/// `source["point_in_time"]` it shows that line. Nested lists are left alone, since blocks come as lists too.
fn as_far_as_terraform_looks(path: &Path) -> Path {
    match path.steps() {
        [
            attribute @ Step::Attribute(_),
            Step::Attribute(inner) | Step::Key(inner),
            ..,
        ] => Path::from(vec![attribute.clone()]).key(inner),
        _ => path.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_and_paths() {
        use proto::attribute_path::step::Selector;
        let at = Path::of("endpoints").index(2).attribute("sts");
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
                Selector::AttributeName("endpoints".to_owned()),
                Selector::ElementKeyInt(2),
                Selector::AttributeName("sts".to_owned()),
            ]
        );
    }

    #[test]
    fn paths_end_where_terraform_stops_looking() {
        let shown = |path: Path| as_far_as_terraform_looks(&path).to_string();
        let time = Path::of("source").attribute("point_in_time").attribute("time");
        assert_eq!(shown(time), "source[\"point_in_time\"]");
        assert_eq!(
            shown(Path::of("rules").key("nightly").attribute("schedule")),
            "rules[\"nightly\"]"
        );
        assert_eq!(shown(Path::of("name")), "name");
        assert_eq!(
            shown(Path::of("endpoints").index(0).attribute("sts")),
            "endpoints[0].sts"
        );
    }
}
