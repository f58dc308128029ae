//! Every folder is registered, every registry sorted, everything documented, with examples.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use provider::DynamoDb;
use tfsdk::schema::{Attribute, Mode, Schema};
use tfsdk::{Provider as _, Server, Signature};

fn source(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder)
}

fn folders(folder: &str) -> BTreeSet<String> {
    fs::read_dir(source(folder))
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read"))
        .filter(|entry| entry.file_type().expect("entries have types").is_dir())
        .map(|entry| entry.file_name().into_string().expect("names are UTF-8"))
        .collect()
}

fn resources() -> Vec<(&'static str, Schema)> {
    DynamoDb::resources()
        .iter()
        .map(|it| (it.name(), it.schema()))
        .collect()
}

fn data_sources() -> Vec<(&'static str, Schema)> {
    DynamoDb::data_sources()
        .iter()
        .map(|it| (it.name(), it.schema()))
        .collect()
}

fn names(registry: &[(&'static str, Schema)]) -> Vec<String> {
    registry.iter().map(|(name, _)| (*name).to_owned()).collect()
}

fn functions() -> Vec<(&'static str, Signature)> {
    DynamoDb::functions()
        .iter()
        .map(|it| (it.name(), it.signature()))
        .collect()
}

#[test]
fn every_folder_is_registered_in_order() {
    for (folder, registry) in [("resources", resources()), ("data_sources", data_sources())] {
        let registered = names(&registry);
        assert_eq!(
            registered,
            folders(folder).into_iter().collect::<Vec<_>>(),
            "{folder}"
        );
    }
    let registered: Vec<&str> = functions().iter().map(|(name, _)| *name).collect();
    assert_eq!(
        registered,
        folders("functions").into_iter().collect::<Vec<_>>(),
        "functions"
    );
}

#[test]
fn every_function_has_an_example_that_calls_it() {
    for (name, _) in functions() {
        let example = fs::read_to_string(source("functions").join(name).join("example.tf")).unwrap();
        assert!(
            example.contains(&format!("provider::dynamodb::{name}(")),
            "functions/{name}"
        );
    }
}

#[test]
fn every_object_has_an_example_of_its_own_and_resources_an_import() {
    for (folder, kind, registry) in [
        ("resources", "resource", resources()),
        ("data_sources", "data", data_sources()),
    ] {
        for name in names(&registry) {
            let example = fs::read_to_string(source(folder).join(&name).join("example.tf")).unwrap();
            assert!(
                example.contains(&format!("{kind} \"dynamodb_{name}\" \"")),
                "{folder}/{name}"
            );
            assert!(
                !example.contains("provider \""),
                "{folder}/{name}: the generator adds the provider block"
            );
            if folder == "resources" {
                let import = fs::read_to_string(source(folder).join(&name).join("import.sh")).unwrap();
                assert!(
                    import.contains(&format!("terraform import dynamodb_{name}.")),
                    "{name}"
                );
            }
        }
    }
}

/// All attributes at any depth, with their paths.
fn attributes<'a>(prefix: &str, attributes_here: &'a [Attribute]) -> Vec<(String, &'a Attribute)> {
    attributes_here
        .iter()
        .flat_map(|attribute| {
            let path = format!("{prefix}{}", attribute.name);
            let inside = attributes(&format!("{path}."), attribute.nested_attributes());
            std::iter::once((path, attribute))
                .chain(inside)
                .collect::<Vec<_>>()
        })
        .collect()
}

fn schemas() -> Vec<(String, Schema)> {
    let named = |kind: &str, registry: Vec<(&str, Schema)>| {
        registry
            .into_iter()
            .map(|(name, schema)| (format!("{kind} {name}"), schema))
            .collect::<Vec<_>>()
    };
    let mut all = vec![("provider".to_owned(), DynamoDb::schema())];
    all.extend(named("resource", resources()));
    all.extend(named("data source", data_sources()));
    all
}

#[test]
fn everything_is_documented_in_sentences() {
    let check = |place: &str, text: &str| {
        assert!(!text.is_empty(), "{place} has no description");
        assert!(
            text.ends_with(['.', '`', ')']),
            "{place}: {text:?} is no sentence"
        );
        assert!(!text.contains("  "), "{place}: {text:?} has a double space");
    };
    for (name, schema) in schemas() {
        check(&name, &schema.description);
        for (path, attribute) in attributes("", &schema.attributes) {
            check(&format!("{name}: {path}"), &attribute.description);
        }
        for block in &schema.blocks {
            check(&format!("{name}: {}", block.name), &block.description);
            for (path, attribute) in attributes(&format!("{}.", block.name), &block.attributes) {
                check(&format!("{name}: {path}"), &attribute.description);
            }
        }
    }
    for (name, signature) in functions() {
        check(name, signature.summary);
        assert!(!signature.description.contains("  "), "{name}");
        for parameter in signature.parameters.iter().chain(&signature.variadic) {
            check(&format!("{name}: {}", parameter.name), parameter.description);
        }
    }
}

#[test]
fn every_default_and_every_choice_is_in_the_description() {
    for (name, schema) in schemas() {
        for (path, attribute) in attributes("", &schema.attributes) {
            if attribute.default.is_some() {
                assert!(attribute.description.contains("Default"), "{name}: {path}");
            }
            for validator in &attribute.validators {
                if let tfsdk::schema::Validator::OneOf(words) = validator {
                    for word in *words {
                        let told = attribute.description.contains(&format!("`{word}`"))
                            || attribute.description.contains(&format!("\"{word}\""));
                        assert!(told || path == "status", "{name}: {path} does not tell {word}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_schemas_keep_terraforms_rules() {
    assert_eq!(Server::<DynamoDb>::faults(), [""; 0]);
}

#[test]
fn every_object_may_name_its_region() {
    for (kind, registry) in [("resource", resources()), ("data source", data_sources())] {
        for (name, schema) in registry {
            let region = schema
                .attribute("region")
                .unwrap_or_else(|| panic!("{kind} {name} has no region"));
            assert_eq!(region.mode, Mode::OptionalComputed, "{kind} {name}");
        }
    }
}
