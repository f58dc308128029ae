//! What surrounds an object, in sentences: what is about to happen, when, and what AWS says. Only what is known.

use std::fmt;

use crate::fact::Fact;
use crate::facts::{
    Action, Backup, Facts, Object, ObservedBackup, ObservedIndex, ObservedKey, ObservedRecovery,
    ObservedTable, PointInTimeRecovery, RestoredTable, Stage,
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
    }
    sentences
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
    if let Fact::Known(days) = it.source_recovery_period_in_days {
        sentences.push(format!(
            "The configuration gives the source table a recovery period of {}.",
            prose::days(days)
        ));
    }
    if let Fact::Known(prior) = &it.prior
        && let Fact::Known(source) = &prior.source
    {
        say("The table was restored from", &source.backup_arn, sentences);
    }
    if let Fact::Known(policy) = &it.resource_policy {
        sentences.push(format!("policy.json has {} bytes.", policy.len()));
    }
    match &it.observed.kms_key {
        Fact::Known(ObservedKey {
            state, spec, usage, ..
        }) => {
            say("The key has the state", state, sentences);
            say("The key has the spec", spec, sentences);
            say("The key has the usage", usage, sentences);
        }
        Fact::Absent => sentences.push("The key does not exist.".to_owned()),
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
    indexes(
        &format!("The {whose}"),
        &table.global_indexes,
        &table.local_indexes,
        sentences,
    );
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
            prose::listed(dimensions.iter().map(String::as_str), "and the")
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

fn say<T: fmt::Display>(what: &str, fact: &Fact<T>, sentences: &mut Vec<String>) {
    if let Fact::Known(value) = fact {
        sentences.push(format!("{what} {value}."));
    }
}
