//! `cargo xtask docs`: the pages of the Registry and the examples, made from the schemas, the signatures of functions and
//! the text files in each object's folder (`example.tf`, `import.sh`), and the pages of the rules. Nobody edits the
//! results by hand.
//!
//! Hand-written are `examples/provider/provider.tf`, `examples/quickstart`, `docs/rules/coverage.md` and everything in
//! `docs/` outside the index page and the generated folders.

mod examples;
mod function;
mod page;
mod rules;
mod schema;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use provider::DynamoDb;
use tfsdk::{Provider, Server};

use crate::docs::examples::Examples;
use crate::{Outcome, coverage, say, workspace};

/// Arguments of `docs`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail if a page or an example is not current.
    #[arg(long)]
    check: bool,
}

impl Arguments {
    /// As with `--check`.
    pub(crate) fn checking() -> Self {
        Self { check: true }
    }
}

/// The folders in which every file is generated. A file there that no object makes is removed.
const GENERATED: &[&str] = &[
    "docs/resources",
    "docs/data-sources",
    "docs/functions",
    "docs/rules",
    "examples/resources",
    "examples/data-sources",
    "examples/functions",
];

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let files = generate(workspace::root())?;
    let changes = changes(workspace::root(), files)?;
    if arguments.check {
        if changes.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = changes
            .iter()
            .map(|change| change.path().display().to_string())
            .collect();
        return Err(format!("not current, run `cargo xtask docs`: {}", names.join(", ")).into());
    }
    for change in changes {
        let place = workspace::root().join(change.path());
        match &change {
            Change::Write(path, text) => {
                if let Some(folder) = place.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::write(&place, text)?;
                say::line(format!("wrote {}", path.display()));
            }
            Change::Remove(path) => {
                fs::remove_file(&place)?;
                say::line(format!("removed {}", path.display()));
            }
        }
    }
    Ok(())
}

/// What has to be done to a file so that it is current. Paths are below the root.
enum Change {
    Write(PathBuf, String),
    Remove(PathBuf),
}

impl Change {
    fn path(&self) -> &Path {
        match self {
            Self::Write(path, _) | Self::Remove(path) => path,
        }
    }
}

/// Every generated file, by its path below the root.
fn generate(root: &Path) -> Result<BTreeMap<PathBuf, String>, Box<dyn std::error::Error>> {
    let server = Server::<DynamoDb>::new();
    let schemas = server.schemas();
    let mut files = BTreeMap::new();
    let provider_example = fs::read_to_string(root.join("examples/provider/provider.tf"))
        .map_err(|err| format!("reading examples/provider/provider.tf: {err}"))?;
    files.insert(
        "docs/index.md".into(),
        page::provider(DynamoDb::NAME, &schemas.provider, &provider_example),
    );
    for (name, resource) in &schemas.resources {
        let short = short_name(name);
        let examples = Examples::read(&root.join("src/provider/src/resources").join(short), name)?;
        files.insert(
            format!("docs/resources/{short}.md").into(),
            page::resource(name, resource, &examples),
        );
        files.extend(examples.files(&format!("examples/resources/{name}"), "resource.tf"));
    }
    for (name, schema) in &schemas.data_sources {
        let short = short_name(name);
        let examples = Examples::read(&root.join("src/provider/src/data_sources").join(short), name)?;
        files.insert(
            format!("docs/data-sources/{short}.md").into(),
            page::data_source(name, schema, &examples),
        );
        files.extend(examples.files(&format!("examples/data-sources/{name}"), "data-source.tf"));
    }
    for (name, signature) in &schemas.functions {
        let examples = Examples::read(&root.join("src/provider/src/functions").join(name), name)?;
        files.insert(
            format!("docs/functions/{name}.md").into(),
            function::markdown(DynamoDb::NAME, name, signature, &examples.configuration),
        );
        files.extend(examples.files(&format!("examples/functions/{name}"), "function.tf"));
    }
    files.extend(rules::pages());
    Ok(files)
}

fn changes(root: &Path, files: BTreeMap<PathBuf, String>) -> std::io::Result<Vec<Change>> {
    let mut changes = Vec::new();
    for folder in GENERATED {
        let left_over = files_below(&root.join(folder))?
            .into_iter()
            .filter_map(|path| path.strip_prefix(root).map(Path::to_owned).ok())
            .filter(|path| !files.contains_key(path) && path != Path::new(coverage::PAGE));
        changes.extend(left_over.map(Change::Remove));
    }
    for (path, text) in files {
        let current = fs::read_to_string(root.join(&path)).ok();
        if current.as_ref() != Some(&text) {
            changes.push(Change::Write(path, text));
        }
    }
    Ok(changes)
}

fn files_below(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => return Ok(files),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// The name without the provider's: file names of the Registry leave it out.
fn short_name(name: &str) -> &str {
    name.split_once('_').map_or(name, |(_, short)| short)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The acceptance tests of an object: a file, and a folder of its name where it has parts.
    fn acceptance_tests_of(name: &str) -> String {
        let tests = workspace::root().join("acceptance-tests/tests");
        let mut files = vec![tests.join(format!("{name}.rs"))];
        files.extend(files_below(&tests.join(name)).expect("the folder can be read"));
        let read = |path: &PathBuf| {
            fs::read_to_string(path).unwrap_or_else(|err| panic!("{}: {err}", path.display()))
        };
        files.iter().map(read).collect()
    }

    /// A resource that is documented but never applied by a real terraform is not done.
    #[test]
    fn every_object_has_acceptance_tests() {
        let server = Server::<DynamoDb>::new();
        for name in server.schemas().resources.keys() {
            let text = acceptance_tests_of(short_name(name));
            assert!(text.contains("fn basic()"), "{name}: no test named basic");
            // Settings are always there, and can only be changed behind our back.
            let gone = match name.as_str() {
                "dynamodb_backup_settings" => "fn changed_outside_terraform",
                _ => "fn disappears",
            };
            assert!(text.contains(gone), "{name}: no test of its disappearance");
        }
        let text = acceptance_tests_of("data_sources") + &acceptance_tests_of("recovery_point");
        for name in server.schemas().data_sources.keys() {
            assert!(
                text.contains(&format!("\"{name}\"")) || text.contains(&format!("data \\\"{name}\\\"")),
                "{name}: not in data_sources.rs, nor in recovery_point.rs"
            );
        }
        let text = acceptance_tests_of("functions");
        for name in server.schemas().functions.keys() {
            assert!(text.contains(&format!("{name}(")), "{name}: not in functions.rs");
        }
    }

    /// Each argument that a user may write is written in the acceptance tests of its resource.
    #[test]
    fn every_argument_is_applied() {
        let server = Server::<DynamoDb>::new();
        let mut never = Vec::new();
        for (name, resource) in &server.schemas().resources {
            let text = acceptance_tests_of(short_name(name));
            for attribute in &resource.schema.attributes {
                let is_argument = attribute.mode != tfsdk::schema::Mode::Computed;
                if is_argument && !text.contains(&attribute.name) {
                    never.push(format!("{name}.{} is never applied", attribute.name));
                }
            }
        }
        assert_eq!(never, [""; 0]);
    }
}
