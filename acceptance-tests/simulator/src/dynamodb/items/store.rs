//! The items of one table with their history, as far back as a point-in-time restore may ask.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::key::Key;
use super::{Item, value};
use crate::clock::Moment;

/// What one key held from a moment on; `None` once deleted.
struct Version {
    since: Moment,
    item: Option<Arc<Item>>,
}

/// Items by key, in key order.
#[derive(Default)]
pub(crate) struct Store {
    histories: BTreeMap<Key, Vec<Version>>,
    live: usize,
    bytes: usize,
}

impl Store {
    pub(crate) fn get(&self, key: &Key) -> Option<&Arc<Item>> {
        self.histories.get(key)?.last()?.item.as_ref()
    }

    /// Writes an item and answers the one it replaces. Versions that were over before `horizon` are let go.
    pub(crate) fn put(
        &mut self,
        key: Key,
        item: Arc<Item>,
        now: Moment,
        horizon: Moment,
    ) -> Option<Arc<Item>> {
        self.write(key, Some(item), now, horizon)
    }

    /// Deletes an item and answers it.
    pub(crate) fn delete(&mut self, key: Key, now: Moment, horizon: Moment) -> Option<Arc<Item>> {
        self.get(&key)?;
        self.write(key, None, now, horizon)
    }

    fn write(
        &mut self,
        key: Key,
        item: Option<Arc<Item>>,
        now: Moment,
        horizon: Moment,
    ) -> Option<Arc<Item>> {
        let size = |item: &Option<Arc<Item>>| item.as_ref().map_or(0, |item| value::item_bytes(item));
        let history = self.histories.entry(key.clone()).or_default();
        let old = history.last().and_then(|version| version.item.clone());
        self.live = self.live + usize::from(item.is_some()) - usize::from(old.is_some());
        self.bytes = self.bytes + size(&item) - size(&old);
        history.push(Version { since: now, item });
        // The last version that began at or before the horizon still tells the state at the horizon.
        let told = history
            .iter()
            .rposition(|version| version.since <= horizon)
            .unwrap_or(0);
        history.drain(..told);
        if let [Version { since, item: None }] = history.as_slice()
            && *since <= horizon
        {
            self.histories.remove(&key);
        }
        old
    }

    /// The present items in key order.
    pub(crate) fn live(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.histories
            .values()
            .filter_map(|history| history.last()?.item.as_ref())
    }

    /// The items as they were at a moment.
    pub(crate) fn at(&self, moment: Moment) -> Vec<Arc<Item>> {
        let then = |history: &Vec<Version>| {
            history
                .iter()
                .rev()
                .find(|version| version.since <= moment)
                .and_then(|version| version.item.clone())
        };
        self.histories.values().filter_map(then).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.live
    }

    pub(crate) fn size_bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::key::Scalar;
    use super::*;

    const START: Moment = Moment::from_millis(0);

    fn key(text: &str) -> Key {
        [Scalar::Text(text.to_owned())].into_iter().collect()
    }

    fn item(pk: &str, n: &str) -> Arc<Item> {
        Arc::new(Item::of(&json!({"pk": {"S": pk}, "n": {"N": n}})))
    }

    fn shown(store: &Store, second: i64) -> Vec<String> {
        let at = store.at(Moment::from_millis(second * 1000));
        at.iter()
            .map(|item| format!("{}{}", item["pk"]["S"].as_str().unwrap(), item["n"]["N"]))
            .collect()
    }

    #[test]
    fn each_moment_has_its_items() {
        let mut store = Store::default();
        let second = |seconds: i64| Moment::from_millis(seconds * 1000);
        store.put(key("a"), item("a", "1"), second(1), START);
        store.put(key("b"), item("b", "1"), second(2), START);
        store.put(key("a"), item("a", "2"), second(3), START);
        store.delete(key("b"), second(4), START);
        assert_eq!(shown(&store, 0), Vec::<String>::new());
        assert_eq!(shown(&store, 1), ["a\"1\""]);
        assert_eq!(shown(&store, 2), ["a\"1\"", "b\"1\""]);
        assert_eq!(shown(&store, 3), ["a\"2\"", "b\"1\""]);
        assert_eq!(shown(&store, 4), ["a\"2\""]);
        assert_eq!((store.len(), store.live().count()), (1, 1));
    }

    #[test]
    fn history_before_the_horizon_is_let_go() {
        let mut store = Store::default();
        for number in 1..=5 {
            let now = Moment::from_millis(number * 1000);
            store.put(
                key("a"),
                item("a", &number.to_string()),
                now,
                Moment::from_millis(3500),
            );
        }
        assert_eq!(store.histories[&key("a")].len(), 3);
        assert_eq!(shown(&store, 4), ["a\"4\""]);
    }

    #[test]
    fn sizes_follow_writes_and_deletes() {
        let mut store = Store::default();
        store.put(key("a"), item("a", "1"), START, START);
        let one = store.size_bytes();
        store.put(key("a"), item("a", "1"), START, START);
        assert_eq!(store.size_bytes(), one);
        assert!(store.delete(key("x"), START, START).is_none());
        store.delete(key("a"), START, START);
        assert_eq!((store.len(), store.size_bytes()), (0, 0));
        assert!(
            store.histories.is_empty(),
            "nothing tells of a deletion that no restore can ask for"
        );
    }
}
