//! The process environment as a value, so that a test can give another one.
//!
//! This is the only module of the crate that reads `std::env`; the credential providers of the
//! AWS SDK (web identity, container, SSO) read it by themselves as well.

use std::collections::BTreeMap;
use std::fmt;

/// Environment variables. `Debug` shows their names only, since values may be credentials.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// Reads the environment of this process. Variables that are not UTF-8 are left out.
    pub fn of_process() -> Self {
        Self {
            variables: std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
        }
    }

    /// Makes an environment of the given variables.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Self {
            variables: pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }

    /// The value of a variable that is set and not empty.
    ///
    /// The AWS SDKs treat an empty variable as unset.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.trim().is_empty())
    }

    /// The first of several variables that is set and not empty.
    pub fn find_first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.find(name))
    }

    /// Variables whose name begins with `prefix`, with the prefix cut off.
    pub fn with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.variables
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
            .filter(|(rest, _)| !rest.is_empty())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.variables.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Environment;

    #[test]
    fn empty_counts_as_unset_and_the_first_wins() {
        let env = Environment::from_pairs([("AWS_REGION", " "), ("AWS_DEFAULT_REGION", "eu-west-1")]);
        assert_eq!(env.find("AWS_REGION"), None);
        assert_eq!(
            env.find_first(&["AWS_REGION", "AWS_DEFAULT_REGION"]),
            Some("eu-west-1")
        );
    }

    #[test]
    fn debug_shows_no_value() {
        let env = Environment::from_pairs([("AWS_SECRET_ACCESS_KEY", "hunter2")]);
        assert_eq!(format!("{env:?}"), r#"["AWS_SECRET_ACCESS_KEY"]"#);
    }
}
