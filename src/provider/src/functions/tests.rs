//! Functions by their results and their errors, called as the server calls them.

use expect_test::{Expect, expect};
use tfsdk::{Server, Value};

use crate::DynamoDb;

fn call(name: &str, arguments: &[Value]) -> Result<Value, (Option<usize>, String)> {
    Server::<DynamoDb>::new()
        .call_function(name, arguments.to_vec())
        .map_err(|err| (err.argument, err.text))
}

/// The result of a call, without what is null in it.
#[track_caller]
fn gives(name: &str, arguments: &[Value], expected: &Expect) {
    let result = call(name, arguments).unwrap_or_else(|(_, text)| panic!("{text}"));
    let text = match &result {
        Value::Object(attributes) => attributes
            .iter()
            .filter_map(|(name, value)| match value {
                Value::Null => None,
                value => Some(format!("{name} = {}\n", plain(value))),
            })
            .collect(),
        Value::List(items) => items.iter().map(|it| format!("{}\n", plain(it))).collect(),
        other => format!("{}\n", plain(other)),
    };
    expected.assert_eq(&text);
}

fn plain(value: &Value) -> &str {
    match value {
        Value::String(text) => text,
        other => panic!("no text: {other:?}"),
    }
}

/// The errors of calls, each with the number of the argument that it is about.
#[track_caller]
fn refuses(name: &str, calls: &[&[Value]], expected: &Expect) {
    let said = |arguments: &&[Value]| {
        let (argument, text) = call(name, arguments).expect_err("it is refused");
        if let Some((_, page)) = text.rsplit_once("/rules/") {
            let id = page.trim_end_matches(".md");
            let is_page = rules::find_rule(id).is_some_and(|it| it.id.as_str() == id);
            assert!(is_page, "{id} has no page");
        }
        format!("{argument:?} {text}.\n---\n")
    };
    expected.assert_eq(&calls.iter().map(said).collect::<String>());
}

fn text(text: &str) -> Value {
    Value::string(text)
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().expect("a number"))
}

const AFTER: &str = "2025-11-20T09:00:00Z";

#[test]
fn an_arn_is_taken_apart() {
    let kinds = [
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-date",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026-01-02T03:04:05.678",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/export/01763625600000-a1b2c3d4",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/import/01763625600000-a1b2c3d4",
        "arn:aws:dynamodb::111122223333:global-table/orders",
        "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45",
        "arn:aws:backup:eu-west-1:111122223333:backup-vault:nightly",
        "arn:aws:backup:eu-west-1:111122223333:backup-plan:orgs/e4548665-3dfc-36a2-92ab-9a6477109903",
        "arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        "arn:aws:kms:eu-west-1:111122223333:alias/aws/dynamodb",
        "arn:aws:iam::111122223333:role/service-role/backup",
        "arn:aws:s3:::bucket/key:with:colons",
        // Nobody claims this Region so far.
        "arn:aws:dynamodb:nz-north-1:111122223333:table/orders",
    ];
    let all = kinds.map(|arn| {
        let Ok(Value::Object(parts)) = call("parse_arn", &[text(arn)]) else {
            panic!("{arn} is refused");
        };
        let set = parts
            .iter()
            .filter(|(name, value)| !value.is_null() && *name != "service" && *name != "partition");
        let lines: String = set
            .map(|(name, value)| format!("  {name} = {}\n", plain(value)))
            .collect();
        format!(
            "{} of {}:{}\n{lines}",
            plain(&parts["kind"]),
            plain(&parts["partition"]),
            plain(&parts["service"])
        )
    });
    expect![[r#"
        table of aws:dynamodb
          account_id = 111122223333
          kind = table
          region = eu-west-1
          resource = table/orders
          table_arn = arn:aws:dynamodb:eu-west-1:111122223333:table/orders
          table_name = orders
        index of aws:dynamodb
          account_id = 111122223333
          index_name = by-date
          kind = index
          region = eu-west-1
          resource = table/orders/index/by-date
          table_arn = arn:aws:dynamodb:eu-west-1:111122223333:table/orders
          table_name = orders
        stream of aws:dynamodb
          account_id = 111122223333
          kind = stream
          region = eu-west-1
          resource = table/orders/stream/2026-01-02T03:04:05.678
          stream_label = 2026-01-02T03:04:05.678
          table_arn = arn:aws:dynamodb:eu-west-1:111122223333:table/orders
          table_name = orders
        backup of aws:dynamodb
          account_id = 111122223333
          backup_id = 01763625600000-a1b2c3d4
          kind = backup
          region = eu-west-1
          resource = table/orders/backup/01763625600000-a1b2c3d4
          table_arn = arn:aws:dynamodb:eu-west-1:111122223333:table/orders
          table_name = orders
        export of aws:dynamodb
          account_id = 111122223333
          export_id = 01763625600000-a1b2c3d4
          kind = export
          region = eu-west-1
          resource = table/orders/export/01763625600000-a1b2c3d4
          table_arn = arn:aws:dynamodb:eu-west-1:111122223333:table/orders
          table_name = orders
        import of aws:dynamodb
          account_id = 111122223333
          import_id = 01763625600000-a1b2c3d4
          kind = import
          region = eu-west-1
          resource = table/orders/import/01763625600000-a1b2c3d4
          table_arn = arn:aws:dynamodb:eu-west-1:111122223333:table/orders
          table_name = orders
        global_table of aws:dynamodb
          account_id = 111122223333
          kind = global_table
          resource = global-table/orders
          table_name = orders
        recovery_point of aws:backup
          account_id = 111122223333
          kind = recovery_point
          recovery_point_id = 1EB3B5E7-9EB0-435A-A80B-108B488B0D45
          region = eu-west-1
          resource = recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45
        backup_vault of aws:backup
          account_id = 111122223333
          backup_vault_name = nightly
          kind = backup_vault
          region = eu-west-1
          resource = backup-vault:nightly
        backup_plan of aws:backup
          account_id = 111122223333
          backup_plan_id = orgs/e4548665-3dfc-36a2-92ab-9a6477109903
          kind = backup_plan
          region = eu-west-1
          resource = backup-plan:orgs/e4548665-3dfc-36a2-92ab-9a6477109903
        kms_key of aws-cn:kms
          account_id = 111122223333
          key_id = mrk-1234abcd12ab34cd56ef1234567890ab
          kind = kms_key
          region = cn-north-1
          resource = key/mrk-1234abcd12ab34cd56ef1234567890ab
        kms_alias of aws:kms
          account_id = 111122223333
          alias_name = aws/dynamodb
          kind = kms_alias
          region = eu-west-1
          resource = alias/aws/dynamodb
        iam_role of aws:iam
          account_id = 111122223333
          kind = iam_role
          resource = role/service-role/backup
          role_name = backup
        other of aws:s3
          kind = other
          resource = bucket/key:with:colons
        table of aws:dynamodb
          account_id = 111122223333
          kind = table
          region = nz-north-1
          resource = table/orders
          table_arn = arn:aws:dynamodb:nz-north-1:111122223333:table/orders
          table_name = orders
    "#]]
    .assert_eq(&all.concat());
}

#[test]
fn what_is_no_arn_is_refused() {
    let arns = [
        "orders",
        "arn:aws:dynamodb:eu-west-1:11112222333:table/orders",
        "arn:aws:dynamodb:eu-west-1:111122223333:Table/orders",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/",
        "arn:aws:backup:eu-west-1:111122223333:backup-vault:my.vault",
        "arn:aws:backup:eu-west-1:111122223333:recovery-point:-",
        "arn:aws:kms:eu-west-1:111122223333:key/1234",
        "arn:aws:iam::111122223333:role/",
        "arn:aws:dynamodb:cn-north-1:111122223333:table/orders",
    ];
    let calls = arns.map(|arn| [text(arn)]);
    let calls: Vec<&[Value]> = calls.iter().map(<[Value; 1]>::as_slice).collect();
    refuses(
        "parse_arn",
        &calls,
        &expect![[r#"
            Some(0) "orders" is not an ARN: it does not begin with "arn:".

            Give the whole ARN, like "arn:aws:dynamodb:us-east-1:111122223333:table/orders".

            Rule DBK-ARN-001 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-001.md.
            ---
            Some(0) "arn:aws:dynamodb:eu-west-1:11112222333:table/orders" is not an ARN: the account is wrong: "11112222333" is not an account id of twelve digits.

            Give the whole ARN, like "arn:aws:dynamodb:us-east-1:111122223333:table/orders".

            Rule DBK-ARN-001 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-001.md.
            ---
            Some(0) "arn:aws:dynamodb:eu-west-1:111122223333:Table/orders" is not an ARN: the last field, "Table/orders", names nothing that the service "dynamodb" has.

            Give the whole ARN, like "arn:aws:dynamodb:us-east-1:111122223333:table/orders".

            Rule DBK-ARN-001 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-001.md.
            ---
            Some(0) "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/" is not an ARN: the last field, "table/orders/backup/", names nothing that the service "dynamodb" has.

            Give the whole ARN, like "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4".

            Rule DBK-ARN-003 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-003.md.
            ---
            Some(0) "arn:aws:backup:eu-west-1:111122223333:backup-vault:my.vault" is not an ARN: the name "my.vault" in it is wrong: character 3 is '.', and a name consists of 2 to 50 letters (a-z, A-Z), digits, "_" and "-".

            Give the whole ARN, like "arn:aws:backup:us-east-1:111122223333:backup-vault:nightly".

            Rule DBK-ARN-016 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-016.md.
            ---
            Some(0) "arn:aws:backup:eu-west-1:111122223333:recovery-point:-" is not an ARN: the last field, "recovery-point:-", names nothing that the service "backup" has.

            Give the whole ARN, like "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45".

            Rule DBK-ARN-004 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-004.md.
            ---
            Some(0) "arn:aws:kms:eu-west-1:111122223333:key/1234" is not an ARN: the last field, "key/1234", names nothing that the service "kms" has.

            Give the whole ARN, like "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".

            Rule DBK-ARN-017 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-017.md.
            ---
            Some(0) "arn:aws:iam::111122223333:role/" is not an ARN: the last field, "role/", names nothing that the service "iam" has.

            Give the whole ARN, like "arn:aws:iam::111122223333:role/backup".

            Rule DBK-ARN-019 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-019.md.
            ---
            Some(0) "arn:aws:dynamodb:cn-north-1:111122223333:table/orders" names nothing: its partition is aws, and the Region cn-north-1 belongs to the partition aws-cn.

            Begin it with "arn:aws-cn:", or name a Region of aws.

            Rule DBK-ARN-006 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-006.md.
            ---
        "#]],
    );
}

#[test]
fn a_backup_tells_when_it_was_taken() {
    let backup = "arn:aws:dynamodb:us-east-1:123456789012:table/Music/backup/01489602797149-73d8d5bc";
    gives(
        "backup_created_at",
        &[text(backup)],
        &expect![[r#"
        2017-03-15T18:33:17Z
    "#]],
    );
    let system = "arn:aws:dynamodb:us-east-1:123456789012:table/Music/backup/01489602797149-00000000";
    gives(
        "backup_created_at",
        &[text(system)],
        &expect![[r#"
        2017-03-15T18:33:17Z
    "#]],
    );
    let arns = [
        "orders",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-date",
        "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/latest",
    ];
    let calls = arns.map(|arn| [text(arn)]);
    let calls: Vec<&[Value]> = calls.iter().map(<[Value; 1]>::as_slice).collect();
    refuses(
        "backup_created_at",
        &calls,
        &expect![[r#"
            Some(0) "orders" is not the ARN of a DynamoDB backup: it does not begin with "arn:".

            Give the ARN of a backup, like "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4".

            Rule DBK-ARN-003 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-003.md.
            ---
            Some(0) "arn:aws:dynamodb:eu-west-1:111122223333:table/orders" is not the ARN of a DynamoDB backup: it is the ARN of a table, not of a DynamoDB backup.

            Give the ARN of a backup, like "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4".

            Rule DBK-ARN-003 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-003.md.
            ---
            Some(0) "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-date" is not the ARN of a DynamoDB backup: it is the ARN of a secondary index, not of a DynamoDB backup.

            Give the ARN of a backup, like "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4".

            Rule DBK-ARN-003 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-003.md.
            ---
            Some(0) "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45" is not the ARN of a DynamoDB backup: it is the ARN of an AWS Backup recovery point, not of a DynamoDB backup.

            Read the creation date of a recovery point from AWS Backup; its ARN does not tell.

            Rule DBK-ARN-004 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-004.md.
            ---
            Some(0) the id "latest" at the end of "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/latest" does not tell when the backup was taken: ids that do are 14 digits, which are the time in milliseconds, a hyphen and 8 letters or digits.

            Give the whole ARN, or read created_at of the data source "dynamodb_backup".

            Rule DBK-ARN-003 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-003.md.
            ---
        "#]],
    );
}

#[test]
fn a_schedule_tells_its_next_runs() {
    let next = |schedule: &str, zone: Value, after: &str, count: i64| {
        [text(schedule), zone, text(after), Value::integer(count)]
    };
    gives(
        "schedule_next",
        &next(
            "cron(0 5 ? * MON-FRI *)",
            text("Europe/Berlin"),
            "2026-03-26T12:00:00Z",
            3,
        ),
        &expect![[r#"
            2026-03-27T05:00:00+01:00
            2026-03-30T05:00:00+02:00
            2026-03-31T05:00:00+02:00
        "#]],
    );
    // Without a time zone it is UTC; `after` may be in any.
    gives(
        "schedule_next",
        &next(
            "cron(0 5 * * ? *)",
            Value::Null,
            "2026-03-26T06:00:00.999+01:00",
            2,
        ),
        &expect![[r#"
            2026-03-27T05:00:00Z
            2026-03-28T05:00:00Z
        "#]],
    );
    gives(
        "schedule_next",
        &next(
            "cron(30 2 * * ? *)",
            text("Asia/Kolkata"),
            "2026-03-26T00:00:00Z",
            1,
        ),
        &expect![[r#"
            2026-03-27T02:30:00+05:30
        "#]],
    );
    // The years of the schedule end.
    gives(
        "schedule_next",
        &next("cron(0 5 L 11,12 ? 2025)", text("UTC"), AFTER, 1000),
        &expect![[r#"
            2025-11-30T05:00:00Z
            2025-12-31T05:00:00Z
        "#]],
    );
    let hourly = call(
        "schedule_next",
        &next("cron(0 * * * ? *)", Value::Null, AFTER, 1000),
    );
    assert!(matches!(hourly, Ok(Value::List(runs)) if runs.len() == 1000));
}

#[test]
fn what_is_no_schedule_is_refused() {
    let five = number("5");
    let of = |schedule: &str| [text(schedule), Value::Null, text(AFTER), five.clone()];
    let daily = || text("cron(0 5 * * ? *)");
    let calls = [
        of("0 5 * * *"),
        of("rate(1 day)"),
        of("cron(0 5 ? * ? *)"),
        of("cron(0/30 * * * ? *)"),
        of("cron(0 24 * * ? *)"),
        of("cron(0 5 31 2 ? *)"),
        of("cron(0 5 * * ? 2024)"),
        [daily(), text("CET+1"), text(AFTER), five.clone()],
        [daily(), text("europe/berlin"), text(AFTER), five.clone()],
        [daily(), Value::Null, text("2025-11-20"), five.clone()],
        [daily(), Value::Null, text("2025-11-20T09:00:00"), five.clone()],
        [daily(), Value::Null, text("2025-02-30T09:00:00Z"), five.clone()],
        [daily(), Value::Null, text(AFTER), number("0")],
        [daily(), Value::Null, text(AFTER), number("-1")],
        [daily(), Value::Null, text(AFTER), number("1001")],
        [daily(), Value::Null, text(AFTER), number("1.5")],
        [daily(), Value::Null, text(AFTER), number("1e30")],
    ];
    let calls: Vec<&[Value]> = calls.iter().map(<[Value; 4]>::as_slice).collect();
    refuses(
        "schedule_next",
        &calls,
        &expect![[r#"
            Some(0) "0 5 * * *" is not a schedule of AWS Backup: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.

            Write "cron(0 5 * * ? *)".

            Rule DBK-SCH-001 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-001.md.
            ---
            Some(0) "rate(1 day)" is not a schedule of AWS Backup: rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.

            Write "cron(0 5 ? * * *)", at the time of day that suits you.

            Rule DBK-SCH-003 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-003.md.
            ---
            Some(0) "cron(0 5 ? * ? *)" is not a schedule of AWS Backup: the day-of-month and the day-of-week field are both "?", and exactly one of them must be.

            Write "cron(0 5 * * ? *)".

            Rule DBK-SCH-002 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-002.md.
            ---
            Some(0) "cron(0/30 * * * ? *)" is not a schedule of AWS Backup: its minute field, "0/30", names 2 minutes of the hour, and AWS Backup starts a rule once an hour at most.

            Write "cron(0 * * * ? *)".

            Rule DBK-SCH-004 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-004.md.
            ---
            Some(0) "cron(0 24 * * ? *)" is not a schedule of AWS Backup: the hour field has the value 24, and its values are 0 to 23.

            Give the hour field values from 0 to 23, or * for all of them.

            Rule DBK-SCH-005 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-005.md.
            ---
            Some(0) "cron(0 5 31 2 ? *)" never runs after 2025-11-20T09:00:00Z: no day from 1970 to 2199 is one of its days.

            Give a day that its months have; L in the day-of-month field is the last day of each month.

            Rule DBK-SCH-006 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-006.md.
            ---
            Some(0) "cron(0 5 * * ? 2024)" never runs after 2025-11-20T09:00:00Z: its last run is at 2024-12-31T05:00:00+00:00.

            Let the year field reach further, or make it * for every year.

            Rule DBK-SCH-006 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-006.md.
            ---
            Some(1) "CET+1" is not the IANA name of a time zone.

            Write the name of a place, like "Europe/Berlin", or "UTC"; an offset or an abbreviation does not tell when clocks change.

            Rule DBK-SCH-007 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-007.md.
            ---
            Some(1) "europe/berlin" is not the IANA name of a time zone.

            Write "Europe/Berlin", if that is what is meant.

            Rule DBK-SCH-007 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-007.md.
            ---
            Some(2) "2025-11-20" is not a moment: it does not have the form 2026-01-31T08:30:00Z.

            Write a date and time of RFC 3339, like "2026-01-31T08:30:00Z" or "2026-01-31T09:30:00+01:00".
            ---
            Some(2) "2025-11-20T09:00:00" is not a moment: it has no time zone.

            Write "2025-11-20T09:00:00Z" if it is meant in UTC.
            ---
            Some(2) "2025-02-30T09:00:00Z" is not a moment: there is no such moment.

            Write a date and time of RFC 3339, like "2026-01-31T08:30:00Z" or "2026-01-31T09:30:00+01:00".
            ---
            Some(3) 0 runs cannot be asked for at once, only 1 to 1000.

            Give a number from 1 to 1000.
            ---
            Some(3) -1 runs cannot be asked for at once, only 1 to 1000.

            Give a number from 1 to 1000.
            ---
            Some(3) 1001 runs cannot be asked for at once, only 1 to 1000.

            Give a number from 1 to 1000.
            ---
            Some(3) 1.5 is not a whole number of runs.

            Give a whole number of runs, without a fraction.
            ---
            Some(3) 1000000000000000000000000000000 is not a whole number of runs.

            Give a whole number of runs, without a fraction.
            ---
        "#]],
    );
}

#[test]
fn a_lifecycle_tells_its_dates() {
    let created = || text("2026-01-31T06:00:00.5+01:00");
    let of = |cold: Value, delete: Value| [created(), cold, delete];
    gives(
        "lifecycle_dates",
        &of(number("30"), number("120")),
        &expect![[r#"
            cold_storage_at = 2026-03-02T05:00:00Z
            delete_at = 2026-05-31T05:00:00Z
        "#]],
    );
    gives(
        "lifecycle_dates",
        &of(Value::Null, number("1")),
        &expect![[r#"
            delete_at = 2026-02-01T05:00:00Z
        "#]],
    );
    gives(
        "lifecycle_dates",
        &of(number("8"), number("-1")),
        &expect![[r#"
            cold_storage_at = 2026-02-08T05:00:00Z
        "#]],
    );
    gives(
        "lifecycle_dates",
        &of(Value::Null, Value::Null),
        &expect![[r#""#]],
    );
    let calls = [
        of(number("30"), number("60")),
        of(number("30"), number("119")),
        of(Value::Null, number("0")),
        of(number("0"), Value::Null),
        of(Value::Null, number("36501")),
        of(number("-2"), Value::Null),
        of(number("0.5"), Value::Null),
        of(number("3000000"), Value::Null),
        [text("9990-01-01T00:00:00Z"), Value::Null, number("36500")],
        [text("yesterday"), Value::Null, Value::Null],
    ];
    let calls: Vec<&[Value]> = calls.iter().map(<[Value; 3]>::as_slice).collect();
    refuses(
        "lifecycle_dates",
        &calls,
        &expect![[r#"
            Some(2) a recovery point moved to cold storage after 30 days and deleted after 60 days would stay there for 30 days, and AWS requires 90 days there at least.

            Set delete_after_days to 120 or more, or leave move_to_cold_storage_after_days out (null) to keep the recovery points in warm storage.

            Rule DBK-LFC-002 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-002.md.
            ---
            Some(2) a recovery point moved to cold storage after 30 days and deleted after 119 days would stay there for 89 days, and AWS requires 90 days there at least.

            Set delete_after_days to 120 or more, or set move_to_cold_storage_after_days to 29 or less, or leave move_to_cold_storage_after_days out (null) to keep the recovery points in warm storage.

            Rule DBK-LFC-002 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-002.md.
            ---
            Some(2) delete_after_days is 0, and AWS takes 1 at least; "never" is said by leaving it out (null), not by 0.

            Set delete_after_days to 1 to 36500, or leave it out (null) to keep the recovery points until somebody deletes them.

            Rule DBK-LFC-010 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-010.md.
            ---
            Some(1) move_to_cold_storage_after_days is 0, and AWS takes 1 at least; "never" is said by leaving it out (null), not by 0.

            Set move_to_cold_storage_after_days to 1 or more, or leave it out (null) to keep the recovery points in warm storage.

            Rule DBK-LFC-010 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-010.md.
            ---
            Some(2) delete_after_days is 36501, and AWS takes 1 to 36500 days, or -1 for never.

            Set delete_after_days to 1 to 36500, or leave it out (null) to keep the recovery points until somebody deletes them.

            Rule DBK-LFC-001 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-001.md.
            ---
            Some(1) move_to_cold_storage_after_days is -2, and AWS takes 1 day at least.

            Set move_to_cold_storage_after_days to 1 or more, or leave it out (null) to keep the recovery points in warm storage.

            Rule DBK-LFC-003 · https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-003.md.
            ---
            Some(1) 0.5 is not a whole number of days.

            Give a whole number of days, without a fraction.
            ---
            Some(1) the date would be after the year 9999.

            Give fewer days, or null for never.
            ---
            Some(2) the date would be after the year 9999.

            Give fewer days, or null for never.
            ---
            Some(0) "yesterday" is not a moment: it does not have the form 2026-01-31T08:30:00Z.

            Write a date and time of RFC 3339, like "2026-01-31T08:30:00Z" or "2026-01-31T09:30:00+01:00".
            ---
        "#]],
    );
}

#[test]
fn a_wrong_number_of_arguments_is_our_own_fault() {
    let err = super::arguments::take::<2>(vec![Value::Null])
        .err()
        .expect("one is missing");
    assert_eq!(err.text, "1 arguments came where 2 belong");
}
