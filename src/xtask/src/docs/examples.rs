//! The text files in the folder of a resource, data source or function, and what `examples/` shows of them.

use std::fs;
use std::path::{Path, PathBuf};

/// `example.tf`, and `import.sh` of what can be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Examples {
    /// A configuration.
    pub(super) configuration: String,
    /// `terraform import` commands.
    pub(super) import: Option<String>,
}

impl Examples {
    /// Reads the files.
    pub(super) fn read(folder: &Path, name: &str) -> Result<Self, String> {
        let example = folder.join("example.tf");
        let configuration = fs::read_to_string(&example)
            .map_err(|err| format!("{name} has no example: {}: {err}", example.display()))?;
        let import = match fs::read_to_string(folder.join("import.sh")) {
            Ok(text) => Some(text),
            Err(err) if err.kind() == std::io::ErrorKind::NotFound => None,
            Err(err) => return Err(format!("reading import.sh of {name}: {err}")),
        };
        Ok(Self {
            configuration,
            import,
        })
    }

    /// The same imports as blocks: one per address. Commands may show several ids for one address; a configuration may
    /// not.
    pub(super) fn import_blocks(&self) -> Option<String> {
        let mut blocks: Vec<(&str, &str)> = Vec::new();
        for line in self.import.as_ref()?.lines() {
            let mut words = line
                .strip_prefix("terraform import ")
                .unwrap_or_default()
                .split_whitespace();
            let (Some(to), Some(id)) = (words.next(), words.next()) else {
                continue;
            };
            if blocks.iter().all(|(known, _)| *known != to) {
                blocks.push((to, id.trim_matches(['\'', '"'])));
            }
        }
        let text = |(to, id): (&str, &str)| format!("import {{\n  to = {to}\n  id = \"{id}\"\n}}\n");
        Some(blocks.into_iter().map(text).collect::<Vec<_>>().join("\n"))
    }

    /// What goes into the object's folder below `examples/`.
    pub(super) fn files(&self, folder: &str, configuration: &str) -> Vec<(PathBuf, String)> {
        let place = |name: &str| Path::new(folder).join(name);
        let mut files = vec![(place(configuration), self.configuration.clone())];
        files.extend(self.import.clone().map(|text| (place("import.sh"), text)));
        files.extend(
            self.import_blocks()
                .map(|text| (place("import-by-string-id.tf"), text)),
        );
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_imported_address_becomes_a_block() {
        let examples = Examples {
            configuration: String::new(),
            import: Some(
                "# By name.\nterraform import dynamodb_x.a orders\nterraform import dynamodb_x.b 'o@eu'\n\
                 terraform import dynamodb_x.b other\n"
                    .into(),
            ),
        };
        expect_test::expect![[r#"
            import {
              to = dynamodb_x.a
              id = "orders"
            }

            import {
              to = dynamodb_x.b
              id = "o@eu"
            }
        "#]]
        .assert_eq(&examples.import_blocks().expect("there are imports"));
    }
}
