//! Tags: those of the resource over those of the provider, without those that others manage. Pure.

use std::collections::BTreeMap;

use aws_clients::{Clients, IgnoreTags};
use rules::facts::Setting;
use tfsdk::{Attr, Cx};

use super::facts::carried;
use super::model::Model;

/// Under this key of the private state stands that the tags were copied from the source: they are left alone as long as
/// the configuration gives none, also when `carry_over` is gone from it.
pub(super) const COPIED: &str = "tags_copied";

/// Tags that a table is to have.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::resources) struct WantedTags {
    pub(in crate::resources) tags: BTreeMap<String, String>,
    pub(in crate::resources) others: Others,
}

/// What happens to tags that nobody names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::resources) enum Others {
    Stay,
    Go,
}

/// Whether the tags of a table are those that were copied, or are going to be.
pub(super) fn are_copied(model: &Model, cx: &Cx) -> bool {
    let were = || cx.private(COPIED).is_some_and(|copied| copied == true);
    model.tags.is_null() && (carried(model).contains(&Setting::Tags) || were())
}

/// The tags that an object has, as its attributes show them.
pub(in crate::resources) struct ShownTags {
    /// `tags`.
    pub(in crate::resources) own: Attr<BTreeMap<String, Attr<String>>>,
    /// `tags_all`.
    pub(in crate::resources) all: Attr<BTreeMap<String, Attr<String>>>,
}

/// What the provider block says about tags.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::resources) struct Tags {
    /// Every object gets these.
    pub(in crate::resources) defaults: BTreeMap<String, String>,
    /// Nobody looks at these.
    pub(in crate::resources) ignored: IgnoreTags,
}

impl Tags {
    pub(in crate::resources) fn of(aws: &Clients) -> Self {
        Self {
            defaults: aws.default_tags().clone(),
            ignored: aws.ignore_tags().clone(),
        }
    }

    /// All tags of a table with these tags of its own. `None` while one of them is unknown.
    pub(in crate::resources) fn merged(
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
    pub(super) fn over_defaults(&self, own: BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut all = self.defaults.clone();
        all.extend(own);
        self.visible(all)
    }

    /// Tags without those that are ignored.
    pub(in crate::resources) fn visible(&self, tags: BTreeMap<String, String>) -> BTreeMap<String, String> {
        tags.into_iter()
            .filter(|(key, _)| !self.ignored.covers(key))
            .collect()
    }

    /// Shows the tags that a table has, in a model that said something else before.
    pub(super) fn show(&self, model: &mut Model, actual: BTreeMap<String, String>, copied: bool) {
        let ShownTags { own, all } = self.shown(&model.tags, actual);
        model.tags_all = all;
        if !(copied && model.tags.is_null()) {
            model.tags = own;
        }
    }

    /// The tags that an object has, as `tags` and `tags_all`, where `tags` said something before.
    ///
    /// `tags` are those that the provider does not add by itself. `tags_all` is null where one of the provider's is
    /// missing: the next plan then sets it.
    pub(in crate::resources) fn shown(
        &self,
        tags: &Attr<BTreeMap<String, Attr<String>>>,
        actual: BTreeMap<String, String>,
    ) -> ShownTags {
        let actual = self.visible(actual);
        let said = tags.known().cloned().unwrap_or_default();
        let missing = self.defaults.iter().any(|(key, value)| {
            !self.ignored.covers(key) && !said.contains_key(key) && actual.get(key) != Some(value)
        });
        let all = if missing {
            Attr::Null
        } else {
            Attr::Known(attrs(actual.clone()))
        };
        let mut own: BTreeMap<String, Attr<String>> = attrs(actual)
            .into_iter()
            .filter(|(key, value)| said.contains_key(key) || self.defaults.get(key) != value.known())
            .collect();
        // A key that was written with null is no tag, and stays as it was written.
        own.extend(said.into_iter().filter(|(_, value)| value.is_null()));
        let own = if own.is_empty() && tags.is_null() {
            Attr::Null
        } else {
            Attr::Known(own)
        };
        ShownTags { own, all }
    }
}

/// What is to be set and removed to get from `actual` to `wanted`.
pub(in crate::resources) fn difference(
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
pub(in crate::resources) fn attrs(tags: BTreeMap<String, String>) -> BTreeMap<String, Attr<String>> {
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
        let mut model = Model {
            tags: said.map(|said| attrs(map(said))).into(),
            ..Model::default()
        };
        tags.show(&mut model, map(actual), false);
        let text = |tags: &Attr<BTreeMap<String, Attr<String>>>| {
            let tags = known(tags.known()?);
            Some(
                tags.iter()
                    .map(|(key, value)| format!("{key}={value}"))
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        (text(&model.tags), text(&model.tags_all))
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
