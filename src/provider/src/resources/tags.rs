//! Tags: those of the resource over those of the provider, without those that others manage. Pure.

use std::collections::BTreeMap;

use aws_clients::{Clients, IgnoreTags};
use tfsdk::Attr;

/// Tags that an object is to have.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WantedTags {
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) others: Others,
}

/// What happens to tags that nobody names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    Stay,
    Go,
}

/// What the provider block says about tags.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tags {
    /// Every object gets these.
    pub(crate) defaults: BTreeMap<String, String>,
    /// Nobody looks at these.
    pub(crate) ignored: IgnoreTags,
}

impl Tags {
    pub(crate) fn of(aws: &Clients) -> Self {
        Self {
            defaults: aws.default_tags().clone(),
            ignored: aws.ignore_tags().clone(),
        }
    }

    /// All tags of an object with these tags of its own. `None` while one of them is unknown.
    pub(crate) fn merged(
        &self,
        own: &Attr<BTreeMap<String, Attr<String>>>,
    ) -> Option<BTreeMap<String, String>> {
        let own = match own {
            Attr::Unknown => return None,
            Attr::Null => BTreeMap::new(),
            Attr::Known(tags) if tags.values().any(Attr::is_unknown) => return None,
            Attr::Known(tags) => known(tags),
        };
        Some(self.over_defaults(own))
    }

    /// These tags and, with less weight, the provider's; without those that are ignored.
    pub(crate) fn over_defaults(&self, own: BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut all = self.defaults.clone();
        all.extend(own);
        self.visible(all)
    }

    /// Tags without those that are ignored.
    pub(crate) fn visible(&self, tags: BTreeMap<String, String>) -> BTreeMap<String, String> {
        tags.into_iter()
            .filter(|(key, _)| !self.ignored.covers(key))
            .collect()
    }

    /// `tags_all` of an object that has these tags. Null where one of the provider's is missing: the next plan then sets
    /// it. `said` is what `tags` said before.
    pub(crate) fn shown_all(
        &self,
        said: &Attr<BTreeMap<String, Attr<String>>>,
        actual: &BTreeMap<String, String>,
    ) -> Attr<BTreeMap<String, Attr<String>>> {
        let actual = self.visible(actual.clone());
        let missing = self.defaults.iter().any(|(key, value)| {
            let is_said = said.known().is_some_and(|said| said.contains_key(key));
            !self.ignored.covers(key) && !is_said && actual.get(key) != Some(value)
        });
        if missing {
            Attr::Null
        } else {
            Attr::Known(attrs(actual))
        }
    }

    /// `tags` of an object that has these tags: those that the provider does not add by itself. `said` is what `tags` said
    /// before.
    pub(crate) fn shown_own(
        &self,
        said: &Attr<BTreeMap<String, Attr<String>>>,
        actual: BTreeMap<String, String>,
    ) -> Attr<BTreeMap<String, Attr<String>>> {
        let before = said.known().cloned().unwrap_or_default();
        let mut own: BTreeMap<String, Attr<String>> = attrs(self.visible(actual))
            .into_iter()
            .filter(|(key, value)| before.contains_key(key) || self.defaults.get(key) != value.known())
            .collect();
        // A key that was written with null is no tag, and stays as it was written.
        own.extend(before.into_iter().filter(|(_, value)| value.is_null()));
        if own.is_empty() && said.is_null() {
            Attr::Null
        } else {
            Attr::Known(own)
        }
    }
}

/// What is to be set and removed to get from `actual` to `wanted`.
pub(crate) fn difference(
    actual: &BTreeMap<String, String>,
    wanted: &WantedTags,
) -> (BTreeMap<String, String>, Vec<String>) {
    let WantedTags { tags: wanted, others } = wanted;
    let set = wanted
        .iter()
        .filter(|(key, value)| actual.get(*key) != Some(*value));
    let remove = actual
        .keys()
        .filter(|key| *others == Others::Go && !wanted.contains_key(*key));
    (
        set.map(|(key, value)| (key.clone(), value.clone())).collect(),
        remove.cloned().collect(),
    )
}

/// As attributes.
pub(crate) fn attrs(tags: BTreeMap<String, String>) -> BTreeMap<String, Attr<String>> {
    tags.into_iter()
        .map(|(key, value)| (key, Attr::Known(value)))
        .collect()
}

fn known(tags: &BTreeMap<String, Attr<String>>) -> BTreeMap<String, String> {
    tags.iter()
        .filter_map(|(key, value)| Some((key.clone(), value.known()?.clone())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(text: &str) -> BTreeMap<String, String> {
        text.split_whitespace()
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    fn show(defaults: &str, said: Option<&str>, actual: &str) -> (Option<String>, Option<String>) {
        let tags = Tags {
            defaults: map(defaults),
            ignored: IgnoreTags {
                keys: vec!["seen".to_owned()],
                ..IgnoreTags::default()
            },
        };
        let said: Attr<BTreeMap<String, Attr<String>>> = said.map(|said| attrs(map(said))).into();
        let (own, all) = (
            tags.shown_own(&said, map(actual)),
            tags.shown_all(&said, &map(actual)),
        );
        let text = |tags: &Attr<BTreeMap<String, Attr<String>>>| {
            let tags = known(tags.known()?);
            Some(
                tags.iter()
                    .map(|(key, value)| format!("{key}={value}"))
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        (text(&own), text(&all))
    }

    fn check(defaults: &str, said: Option<&str>, actual: &str, tags: Option<&str>, all: Option<&str>) {
        let (own, everything) = show(defaults, said, actual);
        assert_eq!(
            (own.as_deref(), everything.as_deref()),
            (tags, all),
            "{defaults} | {said:?} | {actual}"
        );
    }

    #[test]
    fn shows_what_the_provider_does_not_add() {
        check("", None, "", None, Some(""));
        check("", Some(""), "", Some(""), Some(""));
        check("", Some("a=1"), "a=1 seen=x aws:z=1", Some("a=1"), Some("a=1"));
        check("team=x", None, "team=x", None, Some("team=x"));
        check(
            "team=x",
            Some("a=1"),
            "a=1 team=x",
            Some("a=1"),
            Some("a=1 team=x"),
        );
        check("team=x", Some("team=x"), "team=x", Some("team=x"), Some("team=x"));
        check("team=x", Some("team=y"), "team=y", Some("team=y"), Some("team=y"));
    }

    #[test]
    fn shows_drift() {
        check("", Some("a=1"), "a=2 b=3", Some("a=2 b=3"), Some("a=2 b=3"));
        check("", Some("a=1"), "", Some(""), Some(""));
        check("", None, "b=3", Some("b=3"), Some("b=3"));
    }

    #[test]
    fn a_missing_tag_of_the_provider_asks_for_a_change() {
        check("team=x", Some("a=1"), "a=1", Some("a=1"), None);
        check("team=x", None, "team=old", Some("team=old"), None);
        // Nobody sets what is ignored.
        check("seen=1", None, "", None, Some(""));
    }

    #[test]
    fn the_difference_sets_and_removes() {
        let from = |others| {
            difference(
                &map("a=1 b=2 c=3"),
                &WantedTags {
                    tags: map("a=1 b=9 d=4"),
                    others,
                },
            )
        };
        assert_eq!(from(Others::Go), (map("b=9 d=4"), vec!["c".to_owned()]));
        assert_eq!(from(Others::Stay), (map("b=9 d=4"), Vec::new()));
    }
}
