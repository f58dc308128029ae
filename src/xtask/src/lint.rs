//! `cargo xtask lint`: formatting, clippy, and who may depend on whom.
//!
//! The last is what keeps protobuf, the AWS SDK and Terraform's types apart. `deny.toml` says the same for people who have
//! cargo-deny, which looks at the whole graph; this looks at the manifests and needs nothing.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Outcome, workspace};

pub(crate) fn run() -> Outcome {
    let mut broken = Vec::new();
    for arguments in [
        &["fmt", "--all", "--check"][..],
        &[
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ][..],
    ] {
        if !workspace::run_cargo(arguments)?.success() {
            broken.push(format!("`cargo {}` found something", arguments.join(" ")));
        }
    }
    let output = workspace::cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    broken.extend(forbidden_edges(&manifests(&metadata)));
    if broken.is_empty() {
        Ok(())
    } else {
        Err(broken.join("\n").into())
    }
}

/// Which of our crates may depend on which, and the only ones that may name these crates of others.
const OURS: &[(&str, &[&str])] = &[
    ("acceptance-tests", &[]),
    ("aws-clients", &[]),
    ("provider", &["aws-clients", "rules", "tfplugin", "tfsdk"]),
    ("rules", &[]),
    ("simulator", &[]),
    ("tfplugin", &["tfsdk"]),
    ("tfsdk", &[]),
    ("xtask", &["acceptance-tests", "provider", "rules", "tfsdk"]),
];

/// Crates of others, by the beginning of their names, and who may depend on them.
const OTHERS: &[(&str, &[&str])] = &[
    ("aws-", &["aws-clients"]),
    ("prost", &["tfplugin"]),
    ("tonic", &["tfplugin"]),
    ("hyper", &["aws-clients", "simulator", "tfplugin"]),
];

/// The direct dependencies of each of our crates, those of tests and examples included.
fn manifests(metadata: &Value) -> BTreeMap<String, Vec<String>> {
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|package| {
            let dependencies = package["dependencies"]
                .as_array()
                .into_iter()
                .flatten()
                .map(name)
                .collect();
            (name(package), dependencies)
        })
        .collect()
}

fn forbidden_edges(manifests: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut broken = Vec::new();
    for (package, dependencies) in manifests {
        let Some((_, allowed)) = OURS.iter().find(|(name, _)| name == package) else {
            broken.push(format!(
                "{package} is not in the table of src/xtask/src/lint.rs: say what it may depend on"
            ));
            continue;
        };
        for dependency in dependencies {
            if manifests.contains_key(dependency) {
                if !allowed.contains(&dependency.as_str()) {
                    broken.push(format!(
                        "{package} must not depend on {dependency}; it may depend on {allowed:?}"
                    ));
                }
                continue;
            }
            let guarded = OTHERS
                .iter()
                .find(|(beginning, _)| dependency.starts_with(beginning));
            if let Some((_, only)) = guarded
                && !only.contains(&package.as_str())
            {
                broken.push(format!(
                    "{package} must not depend on {dependency}; only {only:?} may"
                ));
            }
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(package: &str, dependencies: &[&str], expected: &[&str]) {
        let ours = ["tfsdk", "provider", "rules"].map(|name| (name.to_owned(), Vec::new()));
        let mut manifests = BTreeMap::from(ours);
        manifests.insert(
            package.to_owned(),
            dependencies.iter().map(|name| (*name).to_owned()).collect(),
        );
        assert_eq!(forbidden_edges(&manifests), expected);
    }

    #[test]
    fn what_must_stay_apart_stays_apart() {
        check("tfplugin", &["tfsdk", "tonic"], &[]);
        check("rules", &["regex"], &[]);
        check(
            "rules",
            &["tfsdk"],
            &["rules must not depend on tfsdk; it may depend on []"],
        );
        check(
            "simulator",
            &["provider"],
            &["simulator must not depend on provider; it may depend on []"],
        );
        check(
            "provider",
            &["aws-sdk-dynamodb"],
            &["provider must not depend on aws-sdk-dynamodb; only [\"aws-clients\"] may"],
        );
        check(
            "stranger",
            &[],
            &["stranger is not in the table of src/xtask/src/lint.rs: say what it may depend on"],
        );
    }
}
