//! What surrounds an object, in sentences: what is about to happen, when, and what AWS says. Only what is known.

mod aws_backup;

use std::fmt;

use crate::fact::Fact;
use crate::facts::{
    Action, Backup, Facts, Neighbours, Object, ObservedBackup, ObservedIndex, ObservedKey, ObservedRecovery,
    ObservedTable, PointInTimeRecovery, ProvisionedThroughput, RestoredTable, Stage, WarmThroughput,
};
use crate::prose;

/// The sentences, each on its own.
pub(super) fn sentences(facts: &Facts) -> Vec<String> {
    let mut sentences = Vec::new();
    let plan = match facts.action {
        Fact::Known(Action::Create) => "The object is to be made.",
        Fact::Known(Action::Replace) => "The object is to be destroyed and made anew.",
        Fact::Known(Action::Update) => "The object exists and is to be changed.",
        Fact::Known(Action::Keep) => "The object exists and stays as it is.",
        Fact::Known(Action::Destroy) => "The object is to be destroyed.",
        Fact::Absent | Fact::Unknown => "",
    };
    if !plan.is_empty() {
        sentences.push(plan.to_owned());
    }
    if facts.stage == Stage::Apply {
        sentences.push("The plan is being carried out.".to_owned());
    }
    if let Fact::Known(now) = facts.now {
        sentences.push(format!("It is {}.", prose::moment(now)));
    }
    match &facts.object {
        Object::Backup(it) => backup(it, &mut sentences),
        Object::PointInTimeRecovery(it) => recovery(it, &mut sentences),
        Object::RestoredTable(it) => restored_table(it, &mut sentences),
        Object::BackupSettings(it) => aws_backup::backup_settings(it, &mut sentences),
        Object::BackupVault(it) => aws_backup::backup_vault(it, &mut sentences),
        Object::BackupPlan(it) => aws_backup::backup_plan(it, &mut sentences),
        Object::RecoveryPoint(it) => aws_backup::recovery_point(it, &mut sentences),
        Object::RecoveryPointCopy(it) => aws_backup::copy(it, &mut sentences),
    }
    neighbours(&facts.neighbours, &mut sentences);
    sentences
}

fn neighbours(it: &Neighbours, sentences: &mut Vec<String>) {
    for backup in &it.backups {
        sentences.push(format!(
            "The same plan makes a backup {:?} of the table {:?} in {}.",
            backup.name, backup.table_name, backup.region
        ));
    }
    match it.restores.as_slice() {
        [restore] => {
            let size = match restore.size_bytes {
                Fact::Known(bytes) => format!(", of {}", prose::terabytes(bytes)),
                Fact::Absent | Fact::Unknown => String::new(),
            };
            sentences.push(format!(
                "The same plan restores a table {:?} in {}{size}.",
                restore.name, restore.region
            ));
        }
        [] => {}
        many => sentences.push(format!("The same plan restores {} more tables.", many.len())),
    }
    for recovery in &it.recoveries {
        let (table, region) = (&recovery.table_name, &recovery.region);
        let what = match (recovery.is_switched_on, recovery.recovery_period_in_days) {
            (true, _) => "switches point-in-time recovery on for".to_owned(),
            (false, Fact::Known(days)) => format!("keeps {} of history for", prose::days(days)),
            (false, _) => "has a point-in-time recovery setting for".to_owned(),
        };
        sentences.push(format!("The same plan {what} the table {table:?} in {region}."));
    }
    for vault in &it.vaults {
        sentences.push(format!(
            "The same plan makes a backup vault {:?} in {}.",
            vault.name, vault.region
        ));
    }
    for last in &it.final_backups {
        sentences.push(format!(
            "A final backup of the table {:?} in {} is about to be taken.",
            last.table_name, last.region
        ));
    }
}

fn backup(it: &Backup, sentences: &mut Vec<String>) {
    table("table", &it.table, sentences);
    if let Fact::Known(prior) = &it.prior {
        say("The backup is", &prior.arn, sentences);
    }
    observed_backup(&it.backup, sentences);
}

fn recovery(it: &PointInTimeRecovery, sentences: &mut Vec<String>) {
    table("table", &it.observed.table, sentences);
    observed_recovery("table", &it.observed.recovery, sentences);
}

fn restored_table(it: &RestoredTable, sentences: &mut Vec<String>) {
    match &it.observed.target {
        Fact::Known(target) => {
            say(
                "A table of that name exists and has the status",
                &target.status,
                sentences,
            );
            if let Fact::Known(restore) = &target.restore {
                say("It is being restored from", &restore.source_backup_arn, sentences);
            }
        }
        Fact::Absent => sentences.push("No table of that name exists.".to_owned()),
        Fact::Unknown => {}
    }
    if it.observed.target_is_own_attempt == Fact::Known(true) {
        sentences.push("An earlier apply of this object started that.".to_owned());
    }
    observed_backup(&it.observed.backup, sentences);
    table("source table", &it.observed.source_table, sentences);
    observed_recovery("source table", &it.observed.source_recovery, sentences);
    if let Fact::Known(prior) = &it.prior {
        if let Fact::Known(source) = &prior.source {
            say("The table was restored from", &source.backup_arn, sentences);
        }
        if prior.deletion_protection_enabled == Fact::Known(true) {
            sentences.push("The table has deletion protection.".to_owned());
        }
    }
    key("key", &it.observed.kms_key, sentences);
    key("key of the source", &it.observed.source_key, sentences);
    if let Fact::Known(number) = it.observed.tables_in_region {
        sentences.push(format!("There are {number} tables in the Region."));
    }
    if let Fact::Known(policy) = &it.resource_policy {
        sentences.push(format!("policy.json has {} bytes.", policy.len()));
    }
    observed_recovery("table that goes", &it.observed.own_recovery, sentences);
    match &it.observed.newest_backup {
        Fact::Known(backup) => {
            if let Fact::Known(made_at) = backup.created_at {
                sentences.push(format!(
                    "The newest backup of the table that goes was taken at {}.",
                    prose::moment(made_at)
                ));
            }
        }
        Fact::Absent => sentences.push("There is no backup of the table that goes.".to_owned()),
        Fact::Unknown => {}
    }
}

fn key(whose: &str, key: &Fact<ObservedKey>, sentences: &mut Vec<String>) {
    match key {
        Fact::Known(ObservedKey {
            state, spec, usage, ..
        }) => {
            say(&format!("The {whose} has the state"), state, sentences);
            say(&format!("The {whose} has the spec"), spec, sentences);
            say(&format!("The {whose} has the usage"), usage, sentences);
        }
        Fact::Absent => sentences.push(format!("The {whose} does not exist.")),
        Fact::Unknown => {}
    }
}

fn table(whose: &str, table: &Fact<ObservedTable>, sentences: &mut Vec<String>) {
    let table = match table {
        Fact::Known(table) => table,
        Fact::Absent => return sentences.push(format!("The {whose} does not exist.")),
        Fact::Unknown => return,
    };
    say(&format!("The {whose} has the status"), &table.status, sentences);
    say(
        &format!("The {whose} has the billing mode"),
        &table.billing_mode,
        sentences,
    );
    capacity(&format!("The {whose}"), &table.provisioned_throughput, sentences);
    indexes(
        &format!("The {whose}"),
        &table.global_indexes,
        &table.local_indexes,
        sentences,
    );
    say(
        &format!("The {whose} is encrypted under"),
        &table.kms_key_arn,
        sentences,
    );
    say(
        &format!("What is left of the {whose} is the backup"),
        &table.archival_backup_arn,
        sentences,
    );
    if let Fact::Known(replicas) = &table.replicas {
        for replica in replicas {
            let recovery = match replica.recovery_enabled {
                Fact::Known(true) => " with point-in-time recovery",
                Fact::Known(false) => " without point-in-time recovery",
                Fact::Absent | Fact::Unknown => "",
            };
            sentences.push(format!(
                "The {whose} has a replica in {}{recovery}.",
                replica.region
            ));
        }
    }
    if let Fact::Known(restore) = &table.restore {
        say(
            &format!("The {whose} is being restored from"),
            &restore.source_backup_arn,
            sentences,
        );
    }
    let settings = &table.settings;
    let of = |what: &str| format!("The {whose} has {what}");
    if let Fact::Known(tags) = &settings.tags {
        sentences.push(format!(
            "{} {}.",
            of("the tags"),
            prose::quoted(tags.iter().map(String::as_str), "and")
        ));
    }
    say(
        &of("items that expire by the attribute"),
        &settings.time_to_live,
        sentences,
    );
    say(&of("a stream with"), &settings.stream, sentences);
    say(
        &of("point-in-time recovery, with a period in days of"),
        &settings.point_in_time_recovery,
        sentences,
    );
    say(&of("the table class"), &settings.table_class, sentences);
    say(&of("the Kinesis stream"), &settings.kinesis_stream, sentences);
    if let Fact::Known(dimensions) = &settings.autoscaling {
        sentences.push(format!(
            "{} {}.",
            of("auto scaling of the"),
            prose::list(dimensions, "and the")
        ));
    }
    if let Fact::Known(WarmThroughput {
        read_units_per_second: Fact::Known(read),
        write_units_per_second: Fact::Known(write),
    }) = settings.warm_throughput
    {
        sentences.push(format!(
            "{} {read} read and {write} write units per second.",
            of("the warm throughput")
        ));
    }
    for (what, setting) in [
        ("deletion protection", settings.deletion_protection),
        ("a resource policy", settings.resource_policy),
        ("Contributor Insights", settings.contributor_insights),
    ] {
        if setting.is_known() {
            sentences.push(format!("{}.", of(what)));
        }
    }
}

fn observed_backup(backup: &Fact<ObservedBackup>, sentences: &mut Vec<String>) {
    match backup {
        Fact::Known(backup) => {
            say("The backup has the status", &backup.status, sentences);
            say("The backup has the type", &backup.backup_type, sentences);
            say("The backup has the billing mode", &backup.billing_mode, sentences);
            capacity("The backup", &backup.provisioned_throughput, sentences);
            say("The backup is encrypted under", &backup.kms_key_arn, sentences);
            if let Fact::Known(bytes) = backup.size_bytes {
                sentences.push(format!("The backup has {}.", prose::terabytes(bytes)));
            }
            indexes(
                "The backup",
                &backup.global_indexes,
                &backup.local_indexes,
                sentences,
            );
        }
        Fact::Absent => sentences.push("The backup does not exist.".to_owned()),
        Fact::Unknown => {}
    }
}

fn observed_recovery(whose: &str, recovery: &Fact<ObservedRecovery>, sentences: &mut Vec<String>) {
    let Fact::Known(recovery) = recovery else { return };
    match recovery.enabled {
        Fact::Known(true) => {
            if let (Fact::Known(days), Fact::Known(earliest), Fact::Known(latest)) = (
                recovery.recovery_period_in_days,
                recovery.earliest,
                recovery.latest,
            ) {
                sentences.push(format!(
                    "The {whose} keeps {} of history: from {} to {}.",
                    prose::days(days),
                    prose::moment(earliest),
                    prose::moment(latest)
                ));
            }
        }
        Fact::Known(false) => sentences.push(format!("The {whose} has point-in-time recovery switched off.")),
        Fact::Absent | Fact::Unknown => {}
    }
}

fn indexes(
    whose: &str,
    global: &Fact<Vec<ObservedIndex>>,
    local: &Fact<Vec<String>>,
    sentences: &mut Vec<String>,
) {
    if let Fact::Known(global) = global {
        let names = prose::quoted(global.iter().map(|it| it.name.as_str()), "and");
        sentences.push(format!("{whose} has the global secondary indexes {names}."));
    }
    if let Fact::Known(local) = local {
        let names = prose::quoted(local.iter().map(String::as_str), "and");
        sentences.push(format!("{whose} has the local secondary indexes {names}."));
    }
}

fn capacity(whose: &str, throughput: &Fact<ProvisionedThroughput>, sentences: &mut Vec<String>) {
    if let Fact::Known(throughput) = throughput
        && let Some(units) = prose::capacity(throughput)
    {
        sentences.push(format!("{whose} has {units}."));
    }
}

fn say<T: fmt::Display>(what: &str, fact: &Fact<T>, sentences: &mut Vec<String>) {
    if let Fact::Known(value) = fact {
        sentences.push(format!("{what} {value}."));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::sentences;
    use crate::examples;
    use crate::fact::Fact;
    use crate::facts::{
        Action, Facts, Neighbours, ObservedReplica, ObservedTable, PlannedBackup, PlannedFinalBackup,
        PlannedRecovery, PlannedRestore, PriorBackup, PriorRestoredTable, RunningRestore, Source, Stage,
    };
    use crate::syntax::Region;

    fn check(facts: &Facts, expected: Expect) {
        expected.assert_eq(&sentences(facts).join("\n"));
    }

    /// A table with everything that a restore drops.
    fn rich_table() -> ObservedTable {
        let mut table = examples::table();
        table.restore = Fact::Known(RunningRestore {
            source_backup_arn: examples::BACKUP_ARN.into(),
            ..RunningRestore::default()
        });
        let settings = &mut table.settings;
        settings.tags = Fact::Known(vec!["team".to_owned(), "cost".to_owned()]);
        settings.time_to_live = "expires_at".into();
        settings.stream = "NEW_IMAGE".into();
        settings.point_in_time_recovery = Fact::Known(7);
        settings.deletion_protection = Fact::Known(());
        settings.table_class = "STANDARD_INFREQUENT_ACCESS".into();
        settings.resource_policy = Fact::Known(());
        settings.kinesis_stream = "arn:aws:kinesis:us-east-1:111122223333:stream/orders".into();
        settings.contributor_insights = Fact::Known(());
        table
    }

    #[test]
    fn of_a_backup() {
        let mut facts = examples::backup_destroyed(|it| {
            it.table = Fact::Absent;
            it.prior = Fact::Known(PriorBackup {
                arn: examples::BACKUP_ARN.into(),
                ..PriorBackup::default()
            });
        });
        facts.stage = Stage::Apply;
        check(
            &facts,
            expect![[r#"
                The object is to be destroyed.
                The plan is being carried out.
                It is 2025-11-20T09:00:00Z.
                The table does not exist.
                The backup is arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4.
                The backup has the status AVAILABLE.
                The backup has the type USER.
                The backup has the billing mode PAY_PER_REQUEST.
                The backup has 0.0 TB.
                The backup has the global secondary indexes "by-customer" and "by-status".
                The backup has the local secondary indexes "by-date"."#]],
        );
        check(
            &examples::backup(|it| it.backup = Fact::Absent),
            expect![[r#"
                The object is to be made.
                It is 2025-11-20T09:00:00Z.
                The table has the status ACTIVE.
                The table has the billing mode PAY_PER_REQUEST.
                The table has the global secondary indexes "by-customer" and "by-status".
                The table has the local secondary indexes "by-date".
                The table has the warm throughput 12000 read and 4000 write units per second.
                The backup does not exist."#]],
        );
        check(&Facts::about(crate::facts::Backup::default()), expect![[r#""#]]);
    }

    #[test]
    fn of_point_in_time_recovery() {
        for (action, words) in [
            (Action::Replace, "The object is to be destroyed and made anew."),
            (Action::Keep, "The object exists and stays as it is."),
        ] {
            let mut facts = examples::recovery(|_| ());
            facts.action = Fact::Known(action);
            assert_eq!(sentences(&facts)[0], words);
        }
        check(
            &examples::recovery(|it| it.observed.table = Fact::Known(rich_table())),
            expect![[r#"
                The object is to be made.
                It is 2025-11-20T09:00:00Z.
                The table has the status ACTIVE.
                The table has the billing mode PAY_PER_REQUEST.
                The table has the global secondary indexes "by-customer" and "by-status".
                The table has the local secondary indexes "by-date".
                The table is being restored from arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4.
                The table has the tags "team" and "cost".
                The table has items that expire by the attribute expires_at.
                The table has a stream with NEW_IMAGE.
                The table has point-in-time recovery, with a period in days of 7.
                The table has the table class STANDARD_INFREQUENT_ACCESS.
                The table has the Kinesis stream arn:aws:kinesis:us-east-1:111122223333:stream/orders.
                The table has the warm throughput 12000 read and 4000 write units per second.
                The table has deletion protection.
                The table has a resource policy.
                The table has Contributor Insights.
                The table has point-in-time recovery switched off."#]],
        );
        check(
            &examples::recovery_changed(|it| it.observed.table = Fact::Unknown),
            expect![[r#"
                The object exists and is to be changed.
                It is 2025-11-20T09:00:00Z.
                The table keeps 35 days of history: from 2025-10-16T09:00:00Z to 2025-11-20T08:55:00Z."#]],
        );
    }

    #[test]
    fn of_a_restored_table() {
        let facts = examples::restore_to(|it, _| {
            it.observed.target = Fact::Known(rich_table());
            it.observed.target_is_own_attempt = Fact::Known(true);
            it.observed.source_table = Fact::Unknown;
            it.observed.kms_key = Fact::Known(examples::key());
        });
        check(
            &facts,
            expect![[r#"
                The object is to be made.
                It is 2025-11-20T09:00:00Z.
                A table of that name exists and has the status ACTIVE.
                It is being restored from arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4.
                An earlier apply of this object started that.
                The source table keeps 35 days of history: from 2025-10-16T09:00:00Z to 2025-11-20T08:55:00Z.
                The key has the state Enabled.
                The key has the spec SYMMETRIC_DEFAULT.
                The key has the usage ENCRYPT_DECRYPT.
                There are 12 tables in the Region."#]],
        );
        let facts = examples::restored_changed(|it| {
            it.observed.kms_key = Fact::Absent;
            it.prior = Fact::Known(PriorRestoredTable {
                source: Fact::Known(Source::backup(examples::SYSTEM_BACKUP_ARN)),
                ..PriorRestoredTable::default()
            });
        });
        check(
            &facts,
            expect![[r#"
            The object exists and is to be changed.
            It is 2025-11-20T09:00:00Z.
            The table was restored from arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-00000000.
            The key does not exist."#]],
        );
    }

    /// What is said of changed facts, and not of the same facts as they were.
    fn said(before: &Facts, after: &Facts) -> Vec<String> {
        let before = sentences(before);
        sentences(after)
            .into_iter()
            .filter(|it| !before.contains(it))
            .collect()
    }

    fn region() -> Region {
        Region::parse("us-east-1").expect("a Region")
    }

    #[test]
    fn neighbours_are_told() {
        let alone = examples::restore(|_| ());
        let mut facts = alone.clone();
        let neighbours = &mut facts.neighbours;
        neighbours.backups.push(PlannedBackup {
            region: region(),
            table_name: "orders".to_owned(),
            name: "nightly".to_owned(),
        });
        neighbours.restores.push(PlannedRestore {
            region: region(),
            name: "copy".to_owned(),
            size_bytes: Fact::Known(2_000_000_000_000),
        });
        for (is_switched_on, days) in [
            (true, Fact::Known(7)),
            (false, Fact::Known(7)),
            (false, Fact::Absent),
        ] {
            neighbours.recoveries.push(PlannedRecovery {
                region: region(),
                table_name: "orders".to_owned(),
                is_switched_on,
                recovery_period_in_days: days,
            });
        }
        neighbours.final_backups.push(PlannedFinalBackup {
            region: region(),
            table_name: "orders".to_owned(),
        });
        assert_eq!(
            said(&alone, &facts),
            [
                "The same plan makes a backup \"nightly\" of the table \"orders\" in us-east-1.",
                "The same plan restores a table \"copy\" in us-east-1, of 2.0 TB.",
                "The same plan switches point-in-time recovery on for the table \"orders\" in us-east-1.",
                "The same plan keeps 7 days of history for the table \"orders\" in us-east-1.",
                "The same plan has a point-in-time recovery setting for the table \"orders\" in us-east-1.",
                "A final backup of the table \"orders\" in us-east-1 is about to be taken.",
            ]
        );
        facts.neighbours = Neighbours::default();
        for name in ["one", "two"] {
            facts.neighbours.restores.push(PlannedRestore {
                region: region(),
                name: name.to_owned(),
                size_bytes: Fact::Unknown,
            });
        }
        assert_eq!(said(&alone, &facts), ["The same plan restores 2 more tables."]);
        facts.neighbours.restores.pop();
        assert_eq!(
            said(&alone, &facts),
            ["The same plan restores a table \"one\" in us-east-1."]
        );
    }

    #[test]
    fn replicas_keys_and_what_is_archived_are_told() {
        let plain = examples::recovery(|_| ());
        let facts = examples::recovery(|it| {
            let replica = |name: &str, recovery_enabled| ObservedReplica {
                region: Region::parse(name).expect("a Region"),
                recovery_enabled,
            };
            it.observed.table = Fact::Known(ObservedTable {
                kms_key_arn: "key".into(),
                archival_backup_arn: "backup".into(),
                replicas: Fact::Known(vec![
                    replica("eu-west-1", Fact::Known(true)),
                    replica("eu-west-2", Fact::Known(false)),
                    replica("eu-west-3", Fact::Unknown),
                ]),
                ..examples::table()
            });
        });
        assert_eq!(
            said(&plain, &facts),
            [
                "The table is encrypted under key.",
                "What is left of the table is the backup backup.",
                "The table has a replica in eu-west-1 with point-in-time recovery.",
                "The table has a replica in eu-west-2 without point-in-time recovery.",
                "The table has a replica in eu-west-3.",
            ]
        );
    }

    #[test]
    fn what_a_restore_meets_and_what_a_deletion_leaves_are_told() {
        let plain = examples::restore(|_| ());
        let facts = examples::restore(|it| {
            it.observed.source_key = Fact::Absent;
            it.observed.kms_key = Fact::Known(examples::key());
            it.observed.tables_in_region = Fact::Known(2_500);
        });
        assert_eq!(
            said(&plain, &facts),
            [
                "The key has the state Enabled.",
                "The key has the spec SYMMETRIC_DEFAULT.",
                "The key has the usage ENCRYPT_DECRYPT.",
                "The key of the source does not exist.",
                "There are 2500 tables in the Region.",
            ]
        );
        let plain = examples::restored_destroyed(|_| ());
        let facts = examples::restored_destroyed(|it| {
            it.observed.own_recovery = Fact::Known(examples::recovery_on());
            it.observed.newest_backup = Fact::Absent;
            if let Fact::Known(prior) = &mut it.prior {
                prior.deletion_protection_enabled = Fact::Known(true);
            }
        });
        assert_eq!(
            said(&plain, &facts),
            [
                "The table has deletion protection.",
                "The table that goes keeps 35 days of history: from 2025-10-16T09:00:00Z to 2025-11-20T08:55:00Z.",
                "There is no backup of the table that goes.",
            ]
        );
        assert!(sentences(&plain).contains(
            &"The newest backup of the table that goes was taken at 2025-11-20T08:00:00Z.".to_owned()
        ));
    }

    #[test]
    fn capacity_is_told() {
        let plain = examples::restore(|_| ());
        let facts = examples::restore(|it| examples::provision(it, examples::throughput(12, 6)));
        let said = said(&plain, &facts).join("\n");
        assert!(said.contains("12 read and 6 write capacity units"), "{said}");
    }
}
