//! What the rules about dropped settings have in common: what the source really has, and whether the target
//! is given it.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedTable, RestoredTable, Setting, Settings};

/// Finds a setting that the source has, that the restore drops, and that the restored table is not given.
/// Where it is not known whether the table is given it, there is nothing to report.
pub(super) fn find_dropped<T>(
    facts: &Facts,
    setting: Setting,
    pick: impl FnOnce(Settings) -> Fact<T>,
) -> Option<T> {
    let table = facts.restored_table().filter(|_| facts.is_made())?;
    let value = pick(source_settings(table)).into_known()?;
    let is_carried_over = match &table.carry_over {
        Fact::Known(settings) => settings.contains(&setting),
        Fact::Absent => false,
        Fact::Unknown => return None,
    };
    (!is_carried_over && table.gives(setting).is_absent()).then_some(value)
}

/// The sentence that keeps a setting: by copying it where the live source can be asked, or by spelling it
/// out.
pub(super) fn keep(facts: &Facts, setting: Setting, spelled_out: &str) -> String {
    let is_live = facts
        .restored_table()
        .is_some_and(|it| it.live_source().is_some());
    if is_live {
        format!("Add carry_over = [\"{setting}\"] to copy it from the source, or {spelled_out}.")
    } else {
        let mut characters = spelled_out.chars();
        let first = characters.next().map(|it| it.to_ascii_uppercase());
        format!(
            "{}{}.",
            first.map_or(String::new(), String::from),
            characters.as_str()
        )
    }
}

/// The settings of the live table or, where that is gone or not known, those recorded with the backup.
fn source_settings(table: &RestoredTable) -> Settings {
    let recorded = match &table.observed.backup {
        Fact::Known(backup) if table.backup_arn().is_some() => Settings {
            time_to_live: backup.time_to_live.clone(),
            stream: backup.stream.clone(),
            ..Settings::default()
        },
        _ => Settings::default(),
    };
    let Some(live) = table.live_source() else {
        return recorded;
    };
    let mut settings = live.settings.clone();
    if settings.time_to_live.is_unknown() {
        settings.time_to_live = recorded.time_to_live;
    }
    if settings.stream.is_unknown() {
        settings.stream = recorded.stream;
    }
    settings
}

/// A restore from a source with some settings, for the examples.
pub(super) fn restore_of(change: impl FnOnce(&mut Settings)) -> Facts {
    restore_of_table(|it| change(&mut it.settings))
}

/// A restore from a table that differs from the one of the examples.
pub(super) fn restore_of_table(change: impl FnOnce(&mut ObservedTable)) -> Facts {
    examples::restore(|it| {
        let mut source = examples::table();
        change(&mut source);
        if source.settings.deletion_protection.is_known() {
            it.given.insert(Setting::DeletionProtection, Fact::Absent);
        }
        it.observed.source_table = Fact::Known(source);
    })
}

/// The same, with one setting copied from the source.
pub(super) fn restore_with(setting: Setting, change: impl FnOnce(&mut Settings)) -> Facts {
    let mut facts = restore_of(change);
    if let crate::facts::Object::RestoredTable(it) = &mut facts.object {
        it.carry_over = Fact::Known([setting].into());
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::{find_dropped, keep, restore_of};
    use crate::examples;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object, ObservedBackup, ObservedTable, RestoredTable, Setting};

    fn stream(facts: &Facts) -> Option<String> {
        find_dropped(facts, Setting::Stream, |it| it.stream)
    }

    fn with_stream(change: impl FnOnce(&mut RestoredTable)) -> Facts {
        let mut facts = restore_of(|it| it.stream = "NEW_IMAGE".into());
        if let Object::RestoredTable(it) = &mut facts.object {
            change(it);
        }
        facts
    }

    fn give(it: &mut RestoredTable, fact: Fact<()>) {
        it.given.insert(Setting::Stream, fact);
    }

    #[test]
    fn a_setting_that_the_target_is_given_is_not_dropped() {
        assert_eq!(stream(&with_stream(|_| ())).as_deref(), Some("NEW_IMAGE"));
        let given = with_stream(|it| give(it, Fact::Known(())));
        assert_eq!(stream(&given), None);
        let carried = with_stream(|it| it.carry_over = Fact::Known([Setting::Stream].into()));
        assert_eq!(stream(&carried), None);
        let another = with_stream(|it| it.carry_over = Fact::Known([Setting::Tags].into()));
        assert!(stream(&another).is_some());
    }

    #[test]
    fn what_is_not_known_yet_is_left_alone() {
        assert_eq!(stream(&with_stream(|it| give(it, Fact::Unknown))), None);
        assert_eq!(stream(&with_stream(|it| it.carry_over = Fact::Unknown)), None);
        let changed = Facts {
            action: Fact::Known(Action::Update),
            ..with_stream(|_| ())
        };
        assert_eq!(stream(&changed), None);
    }

    #[test]
    fn the_backup_speaks_where_its_table_is_gone_or_another() {
        let backup = ObservedBackup {
            stream: "KEYS_ONLY".into(),
            ..examples::observed_backup()
        };
        let gone = with_stream(|it| {
            it.observed.source_table = Fact::Absent;
            it.observed.backup = Fact::Known(backup.clone());
        });
        assert_eq!(stream(&gone).as_deref(), Some("KEYS_ONLY"));
        assert!(!keep(&gone, Setting::Stream, "write stream").contains("carry_over"));
        let another = with_stream(|it| {
            it.observed.source_table = Fact::Known(ObservedTable {
                table_id: "another".into(),
                ..examples::table()
            });
            it.observed.backup = Fact::Known(backup.clone());
        });
        assert_eq!(stream(&another).as_deref(), Some("KEYS_ONLY"));
        let live_not_read = with_stream(|it| {
            if let Fact::Known(live) = &mut it.observed.source_table {
                live.settings.stream = Fact::Unknown;
            }
            it.observed.backup = Fact::Known(backup);
        });
        assert_eq!(stream(&live_not_read).as_deref(), Some("KEYS_ONLY"));
    }

    #[test]
    fn a_backup_has_recorded_stream_and_time_to_live() {
        let gone = examples::restore(|it| {
            it.observed.source_table = Fact::Absent;
            it.observed.backup = Fact::Known(ObservedBackup {
                time_to_live: "expires_at".into(),
                ..examples::observed_backup()
            });
        });
        let time_to_live = find_dropped(&gone, Setting::TimeToLive, |it| it.time_to_live);
        assert_eq!(time_to_live.as_deref(), Some("expires_at"));
        assert_eq!(stream(&gone), None);
    }

    #[test]
    fn a_backup_says_nothing_about_a_restore_to_a_point_in_time() {
        let backup = ObservedBackup {
            stream: "KEYS_ONLY".into(),
            table_id: "another".into(),
            ..examples::observed_backup()
        };
        let gone = examples::restore_to(|it, _| {
            it.observed.source_table = Fact::Absent;
            it.observed.backup = Fact::Known(backup.clone());
        });
        assert_eq!(stream(&gone), None);
        let live = examples::restore_to(|it, _| {
            let mut table = examples::table();
            table.settings.stream = "NEW_IMAGE".into();
            it.observed.source_table = Fact::Known(table);
            it.observed.backup = Fact::Known(backup);
        });
        assert_eq!(stream(&live).as_deref(), Some("NEW_IMAGE"));
        assert!(keep(&live, Setting::Stream, "write stream").contains("carry_over"));
    }
}
