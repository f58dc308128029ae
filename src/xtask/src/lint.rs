//! `cargo xtask lint`: formatting, clippy, the documentation of the rule library, and who may depend on whom.
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
        // The one crate that is a library for others.
        &[
            "rustdoc",
            "--quiet",
            "--package",
            "rules",
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

/// What tests may use besides: the provider's run the simulator in their own process.
const OURS_IN_TESTS: &[(&str, &[&str])] = &[("provider", &["simulator"])];

/// Crates of others, by the beginning of their names, and who may depend on them.
const OTHERS: &[(&str, &[&str])] = &[
    ("aws-", &["aws-clients"]),
    ("prost", &["tfplugin"]),
    ("tonic", &["tfplugin"]),
    ("hyper", &["aws-clients", "simulator", "tfplugin"]),
];

/// Crates that may have these dependencies and no others, tests aside: the rules are pure, and what they do not have they
/// cannot read or ask.
const ONLY: &[(&str, &[&str])] = &[("rules", &["jiff", "thiserror"])];

/// A direct dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Dependency {
    name: String,
    /// Whether only tests, examples and benches have it.
    only_in_tests: bool,
}

/// The direct dependencies of each of our crates.
fn manifests(metadata: &Value) -> BTreeMap<String, Vec<Dependency>> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let dependency = |value: &Value| Dependency {
        name: name(value),
        only_in_tests: value["kind"] == "dev",
    };
    list(&metadata["packages"])
        .iter()
        .map(|package| {
            (
                name(package),
                list(&package["dependencies"]).iter().map(dependency).collect(),
            )
        })
        .collect()
}

fn forbidden_edges(manifests: &BTreeMap<String, Vec<Dependency>>) -> Vec<String> {
    let mut broken = Vec::new();
    for (package, dependencies) in manifests {
        let Some(allowed) = entry(OURS, package) else {
            broken.push(format!(
                "{package} is not in the table of src/xtask/src/lint.rs: say what it may depend on"
            ));
            continue;
        };
        let in_tests = entry(OURS_IN_TESTS, package).unwrap_or_default();
        for Dependency { name, only_in_tests } in dependencies {
            if manifests.contains_key(name) {
                let is_allowed = |list: &[&str]| list.contains(&name.as_str());
                if !(is_allowed(allowed) || *only_in_tests && is_allowed(in_tests)) {
                    broken.push(format!(
                        "{package} must not depend on {name}; it may depend on {allowed:?}"
                    ));
                }
                continue;
            }
            if let Some(only) = entry(ONLY, package)
                && !only_in_tests
                && !only.contains(&name.as_str())
            {
                broken.push(format!("{package} must not depend on {name}; only on {only:?}"));
            }
            let guarded = OTHERS.iter().find(|(beginning, _)| name.starts_with(beginning));
            if let Some((_, only)) = guarded
                && !only.contains(&package.as_str())
            {
                broken.push(format!("{package} must not depend on {name}; only {only:?} may"));
            }
        }
    }
    broken
}

fn entry<'a>(table: &[(&str, &'a [&'a str])], package: &str) -> Option<&'a [&'a str]> {
    table
        .iter()
        .find(|(name, _)| *name == package)
        .map(|(_, list)| *list)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(package: &str, dependencies: &[&str], expected: &[&str]) {
        check_kind(package, dependencies, false, expected);
    }

    fn check_kind(package: &str, dependencies: &[&str], only_in_tests: bool, expected: &[&str]) {
        let ours = ["tfsdk", "provider", "rules", "simulator"].map(|name| (name.to_owned(), Vec::new()));
        let mut manifests = BTreeMap::from(ours);
        let dependency = |name: &&str| Dependency {
            name: (*name).to_owned(),
            only_in_tests,
        };
        manifests.insert(package.to_owned(), dependencies.iter().map(dependency).collect());
        assert_eq!(forbidden_edges(&manifests), expected);
    }

    #[test]
    fn tests_may_do_more() {
        let refused = "provider must not depend on simulator; it may depend on \
                       [\"aws-clients\", \"rules\", \"tfplugin\", \"tfsdk\"]";
        check_kind("provider", &["simulator"], false, &[refused]);
        check_kind("provider", &["simulator"], true, &[]);
        check_kind(
            "rules",
            &["tfsdk"],
            true,
            &["rules must not depend on tfsdk; it may depend on []"],
        );
    }

    #[test]
    fn what_must_stay_apart_stays_apart() {
        check("tfplugin", &["tfsdk", "tonic"], &[]);
        check("rules", &["jiff", "thiserror"], &[]);
        check(
            "rules",
            &["tokio"],
            &["rules must not depend on tokio; only on [\"jiff\", \"thiserror\"]"],
        );
        check_kind("rules", &["proptest"], true, &[]);
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
