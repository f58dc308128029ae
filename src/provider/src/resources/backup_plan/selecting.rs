//! From the selections that a plan has to those that it is to have. Each step is shown in the state as soon as AWS has
//! taken it, so that what is cut off or fails later leaves the truth behind.
//!
//! What is new is made first and what goes is deleted last. A selection that changes is made anew before the old one is
//! deleted: in between, both select. AWS takes a name once in a plan, so the new one first stands under another name
//! (`NAME.new`), which also shows that AWS takes it, its role above all; then the old one gives up the name. A stand-in that
//! is left over is a selection that nobody configured: the next plan deletes it.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};

use aws_clients::{AwsBackup, Clock, Cx as AwsCx, Error, ErrorKind, Selection as AwsSelection};
use tfsdk::{Attr, Saved};

use super::document::{same_selection, show_selection};
use super::model::{Model, Selection};
use super::refresh::Found;

/// Longest name of a selection (AWS Backup API, `BackupSelectionName`).
const NAME_LENGTH_MAX: usize = 50;
/// What the name of a stand-in ends with.
const STAND_IN: &str = ".new";

/// The selections of one plan, while they are being changed.
pub(super) struct Selecting<'a, 'b, 'c> {
    pub(super) backup: &'a AwsBackup,
    pub(super) aws: &'a AwsCx,
    pub(super) clock: &'a dyn Clock,
    pub(super) plan_id: &'a str,
    /// What is to be: the way it is written, for the state.
    pub(super) written: &'a BTreeMap<String, Attr<Selection>>,
    pub(super) state: &'b mut Model,
    pub(super) saved: &'b mut Saved<'c, Model>,
}

impl Selecting<'_, '_, '_> {
    /// Makes the plan have these selections. `there` are those that it has.
    ///
    /// # Errors
    /// What AWS refuses; the state then shows what there is.
    pub(super) async fn converge(
        mut self,
        wanted: &BTreeMap<String, AwsSelection>,
        there: &Found,
    ) -> Result<(), Error> {
        for (name, selection) in wanted.iter().filter(|(name, _)| !there.contains_key(*name)) {
            let id = self.add(selection).await?;
            self.show(name, &id, selection);
        }
        for (name, selection) in wanted {
            match there.get(name) {
                Some((_, before)) if !same_selection(before, selection) => {}
                _ => continue,
            }
            let (id, _) = &there[name];
            self.replace(name, id, selection).await?;
        }
        for (name, (id, _)) in there.iter().filter(|(name, _)| !wanted.contains_key(*name)) {
            self.backup.delete_selection(self.aws, self.plan_id, id).await?;
            self.hide(name);
        }
        Ok(())
    }

    async fn replace(&mut self, name: &str, old_id: &str, selection: &AwsSelection) -> Result<(), Error> {
        // Not every place of AWS that checks names has to, so the short way is tried first.
        match self.add(selection).await {
            Ok(id) => {
                self.backup
                    .delete_selection(self.aws, self.plan_id, old_id)
                    .await?;
                self.show(name, &id, selection);
                return Ok(());
            }
            Err(err) if err.kind() == ErrorKind::AlreadyExists => {}
            Err(err) => return Err(err),
        }
        let stand_in = AwsSelection {
            name: stand_in_for(name),
            ..selection.clone()
        };
        let stand_in_id = self.add(&stand_in).await?;
        self.show(&stand_in.name, &stand_in_id, &stand_in);
        self.backup
            .delete_selection(self.aws, self.plan_id, old_id)
            .await?;
        self.hide(name);
        let id = self.add(selection).await?;
        self.show(name, &id, selection);
        self.backup
            .delete_selection(self.aws, self.plan_id, &stand_in_id)
            .await?;
        self.hide(&stand_in.name);
        Ok(())
    }

    /// Adds a selection, and waits while AWS Backup does not know its role yet.
    async fn add(&self, selection: &AwsSelection) -> Result<String, Error> {
        let token = new_token();
        let doing = format!(
            "adding selection {} to backup plan {}",
            selection.name, self.plan_id
        );
        aws_clients::retry_until(self.aws, self.clock, &doing, || {
            self.backup
                .create_selection(self.aws, self.plan_id, &token, selection)
        })
        .await
    }

    fn show(&mut self, name: &str, id: &str, selection: &AwsSelection) {
        let written = self.written.get(name).cloned();
        let shown = written.unwrap_or_else(|| Attr::Known(show_selection(selection, None)));
        entries(&mut self.state.selections).insert(name.to_owned(), shown);
        entries(&mut self.state.selection_ids).insert(name.to_owned(), id.into());
        self.saved.save(self.state);
    }

    fn hide(&mut self, name: &str) {
        entries(&mut self.state.selections).remove(name);
        entries(&mut self.state.selection_ids).remove(name);
        self.saved.save(self.state);
    }
}

fn entries<T>(map: &mut Attr<BTreeMap<String, T>>) -> &mut BTreeMap<String, T> {
    if map.known().is_none() {
        *map = Attr::Known(BTreeMap::new());
    }
    match map {
        Attr::Known(entries) => entries,
        Attr::Null | Attr::Unknown => unreachable!("it was made known"),
    }
}

fn stand_in_for(name: &str) -> String {
    let kept: String = name.chars().take(NAME_LENGTH_MAX - STAND_IN.len()).collect();
    format!("{kept}{STAND_IN}")
}

/// Tells one call from another: 1 to 50 letters, digits, `-`, `_` and `.`. A repeated call sends the same one.
pub(super) fn new_token() -> String {
    // The standard library's hasher is seeded at random: enough to tell calls apart.
    let random = || RandomState::new().hash_one("token");
    format!("terraform-{:016x}{:016x}", random(), random())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_has_a_name_that_aws_takes() {
        assert_eq!(stand_in_for("orders"), "orders.new");
        assert_eq!(stand_in_for(&"x".repeat(50)), format!("{}.new", "x".repeat(46)));
    }

    #[test]
    fn tokens_differ_and_are_such_that_aws_takes_them() {
        let (one, other) = (new_token(), new_token());
        assert_ne!(one, other);
        assert!(
            one.len() <= 50 && one.chars().all(|it| it.is_ascii_alphanumeric() || it == '-'),
            "{one}"
        );
    }
}
