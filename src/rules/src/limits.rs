//! The numbers of AWS, each with its unit and where it is known from. Quotas that AWS raises on request say
//! so.

use std::ops::RangeInclusive;

/// Shortest recovery period, in days (DynamoDB API, `RecoveryPeriodInDays`).
pub const RECOVERY_PERIOD_DAYS_MIN: i64 = 1;
/// Longest recovery period, in days (DynamoDB API, `RecoveryPeriodInDays`).
pub const RECOVERY_PERIOD_DAYS_MAX: i64 = 35;
/// Recovery period that AWS uses when none is sent, in days (DynamoDB API, `RecoveryPeriodInDays`).
pub const RECOVERY_PERIOD_DAYS_DEFAULT: i64 = 35;
/// How far the latest restorable moment typically trails the present, in seconds (developer guide,
/// point-in-time recovery).
pub const LATEST_RESTORABLE_LAG_SECONDS: i64 = 300;
/// How long DynamoDB keeps the system backup of a deleted table, in days (developer guide, point-in-time recovery).
pub const SYSTEM_BACKUP_RETENTION_DAYS: i64 = 35;
/// Up to this age a backup counts as one of the table as it is, in hours. Ours, not AWS's: a backup a day is what most
/// schedules make.
pub const RECENT_BACKUP_HOURS: i64 = 24;
/// How much clocks may differ before a rule about time speaks, in seconds. Ours, not AWS's.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 60;

/// Shortest name of a table, index or backup, in characters (DynamoDB API, `TableName`).
pub const NAME_LENGTH_MIN: usize = 3;
/// Longest name of a table, index or backup, in characters (DynamoDB API, `TableName`).
pub const NAME_LENGTH_MAX: usize = 255;
/// Shortest ARN of a backup, in characters (DynamoDB API, `BackupArn`). Every text of the form of such an ARN is longer.
pub const BACKUP_ARN_LENGTH_MIN: usize = 37;
/// Longest ARN of a table or a backup, in characters (DynamoDB API, `BackupArn`, `TableArn`).
pub const ARN_LENGTH_MAX: usize = 1024;

/// Most local secondary indexes of a table (developer guide, quotas; fixed).
pub const LOCAL_INDEXES_MAX: usize = 5;
/// Most global secondary indexes of a table (developer guide, quotas; AWS raises it on request).
pub const GLOBAL_INDEXES_MAX: usize = 20;

/// Least capacity or request units (DynamoDB API, `PositiveLongObject`).
pub const THROUGHPUT_MIN: i64 = 1;
/// Most read, and most write, capacity units of a table or of one of its global secondary indexes (developer guide,
/// quotas; AWS raises it on request).
pub const TABLE_THROUGHPUT_MAX: i64 = 40_000;
/// Most read, and most write, capacity units of an account in a Region, indexes included (developer guide, quotas; AWS
/// raises it on request).
pub const ACCOUNT_THROUGHPUT_MAX: i64 = 80_000;
/// Warm throughput of a new table on demand, in read units per second (developer guide, warm throughput).
pub const WARM_READ_UNITS_DEFAULT: i64 = 12_000;
/// Warm throughput of a new table on demand, in write units per second (developer guide, warm throughput).
pub const WARM_WRITE_UNITS_DEFAULT: i64 = 4_000;

/// Most tags of a table (developer guide, quotas).
pub const TAGS_MAX: usize = 50;
/// Longest tag key, in characters (DynamoDB API, `TagKeyString`).
pub const TAG_KEY_LENGTH_MAX: usize = 128;
/// Longest tag value, in characters (DynamoDB API, `TagValueString`).
pub const TAG_VALUE_LENGTH_MAX: usize = 256;

/// Shortest name of a backup vault, in characters (AWS Backup API, `BackupVaultName`).
pub const VAULT_NAME_LENGTH_MIN: usize = 2;
/// Longest name of a backup vault, in characters (AWS Backup API, `BackupVaultName`).
pub const VAULT_NAME_LENGTH_MAX: usize = 50;
/// Longest name of a rule or a selection of a backup plan, in characters (AWS Backup API, `BackupRuleName`,
/// `BackupSelectionName`).
pub const BACKUP_RULE_NAME_LENGTH_MAX: usize = 50;
/// Longest name of a backup plan that the API takes, in characters (AWS Backup API reference, `BackupPlan`).
pub const BACKUP_PLAN_NAME_LENGTH_MAX: usize = 200;
/// Longest name of a backup plan that the console takes, in characters (AWS Backup API reference, `BackupPlan`).
pub const BACKUP_PLAN_NAME_LENGTH_IN_CONSOLE_MAX: usize = 50;
/// Most rules of a backup plan (AWS Backup developer guide, quotas).
pub const RULES_PER_PLAN_MAX: usize = 10;
/// Most copy actions of a rule of a backup plan (AWS Backup developer guide, quotas).
pub const COPY_ACTIONS_PER_RULE_MAX: usize = 5;
/// Most selections of a backup plan (AWS Backup developer guide, quotas).
pub const SELECTIONS_PER_PLAN_MAX: usize = 100;
/// Most resources that a selection names, and most that it leaves out (AWS Backup API, `BackupSelection`).
pub const ARNS_PER_SELECTION_MAX: usize = 500;
/// Most of these with wildcards (AWS Backup API, `BackupSelection`).
pub const PATTERNS_PER_SELECTION_MAX: usize = 30;
/// Most tags that a rule of a backup plan gives a recovery point (AWS Backup developer guide, quotas; fixed).
pub const RECOVERY_POINT_TAGS_MAX: usize = 10;
/// Most tags by which a selection of a backup plan chooses (AWS Backup developer guide, quotas; fixed).
pub const TAGS_PER_SELECTION_MAX: usize = 30;
/// Most conditions of a selection of a backup plan (AWS Backup developer guide, quotas; fixed).
pub const CONDITIONS_PER_SELECTION_MAX: usize = 30;
/// Most selections of a backup plan that choose by tags (AWS Backup developer guide, quotas; fixed).
pub const TAG_SELECTIONS_PER_PLAN_MAX: usize = 10;
/// Most restores that run at once in an account, native ones and those of AWS Backup together (developer guide, quotas).
pub const CONCURRENT_RESTORES_MAX: usize = 50;
/// Most data that native restores read at once in an account, in bytes: 50 TB (developer guide, quotas). Counted in
/// powers of ten, the smaller reading of the two.
pub const CONCURRENT_RESTORE_BYTES_MAX: u64 = 50_000_000_000_000;
/// Most data that restores by AWS Backup read at once in an account, in bytes: 25 TB (developer guide, quotas). Counted
/// in powers of ten, too.
pub const RECOVERY_POINT_RESTORE_BYTES_MAX: u64 = 25_000_000_000_000;
/// Tables of an account in one Region, unless AWS has raised the quota (developer guide, quotas).
pub const TABLES_DEFAULT: u64 = 2_500;
/// Most tables of an account in one Region, however far AWS raises the quota (developer guide, quotas).
pub const TABLES_MAX: u64 = 10_000;
/// Minutes of a schedule's minute field (AWS Backup developer guide, cron expressions).
pub const SCHEDULE_MINUTES: RangeInclusive<i16> = 0..=59;
/// Hours of a schedule's hour field (AWS Backup developer guide, cron expressions).
pub const SCHEDULE_HOURS: RangeInclusive<i16> = 0..=23;
/// Days of a schedule's day-of-month field (AWS Backup developer guide, cron expressions).
pub const SCHEDULE_DAYS_OF_MONTH: RangeInclusive<i16> = 1..=31;
/// Months of a schedule's month field (AWS Backup developer guide, cron expressions).
pub const SCHEDULE_MONTHS: RangeInclusive<i16> = 1..=12;
/// Days of a schedule's day-of-week field; 1 is Sunday (AWS Backup developer guide, cron expressions).
pub const SCHEDULE_DAYS_OF_WEEK: RangeInclusive<i16> = 1..=7;
/// Years of a schedule's year field (AWS Backup developer guide, cron expressions).
pub const SCHEDULE_YEARS: RangeInclusive<i16> = 1970..=2199;
/// Which of the same weekdays of a month a schedule may name, as in `3#2` (AWS Backup developer guide, cron
/// expressions).
pub const SCHEDULE_NTH_WEEKDAY: RangeInclusive<i16> = 1..=5;
/// Most minutes of an hour at which a schedule may start: AWS Backup runs a rule once an hour at most (AWS Backup
/// developer guide, backup frequency).
pub const SCHEDULE_RUNS_PER_HOUR_MAX: usize = 1;

/// Shortest time to keep a recovery point, in days (AWS Backup API, `DeleteAfterDays`).
pub const DELETE_AFTER_DAYS_MIN: i64 = 1;
/// Longest time to keep a recovery point that is not kept for ever, in days (AWS Backup's own error text).
pub const DELETE_AFTER_DAYS_MAX: i64 = 36_500;
/// Shortest time before a recovery point moves to cold storage, in days (AWS Backup API,
/// `MoveToColdStorageAfterDays`).
pub const COLD_STORAGE_AFTER_DAYS_MIN: i64 = 1;
/// Shortest time that a recovery point stays in cold storage, in days (AWS Backup API, `Lifecycle`).
pub const COLD_STORAGE_DAYS_MIN: i64 = 90;
/// The number of days that means never in a lifecycle (AWS Backup API, `Lifecycle`).
pub const LIFECYCLE_NEVER: i64 = -1;
/// Shortest time to keep what a continuous rule of AWS Backup makes, in days (AWS Backup API,
/// `EnableContinuousBackup`).
pub const CONTINUOUS_DELETE_AFTER_DAYS_MIN: i64 = 1;
/// Longest time to keep what a continuous rule of AWS Backup makes, in days (AWS Backup API,
/// `EnableContinuousBackup`).
pub const CONTINUOUS_DELETE_AFTER_DAYS_MAX: i64 = 35;

/// Shortest retention that the lock of a vault may demand, in days (AWS Backup API, `MinRetentionDays`).
pub const LOCK_RETENTION_DAYS_MIN: i64 = 1;
/// Longest retention that the lock of a vault may allow, in days (AWS Backup API, `MaxRetentionDays`).
pub const LOCK_RETENTION_DAYS_MAX: i64 = 36_500;
/// Fewest days for which the lock of a vault must stay changeable (AWS Backup API, `ChangeableForDays`).
pub const LOCK_CHANGEABLE_DAYS_MIN: i64 = 3;
/// Most days for which the lock of a vault may stay changeable (AWS Backup API, `ChangeableForDays`).
pub const LOCK_CHANGEABLE_DAYS_MAX: i64 = 36_500;
/// Shortest retention that a logically air-gapped vault may demand, in days (AWS Backup API,
/// `CreateLogicallyAirGappedBackupVault`).
pub const AIR_GAPPED_RETENTION_DAYS_MIN: i64 = 7;

/// Shortest start window of a rule, in minutes (AWS Backup API, `StartWindowMinutes`).
pub const START_WINDOW_MINUTES_MIN: i64 = 60;
/// Longest start window of a rule, in minutes: a hundred years (AWS Backup API, `StartWindowMinutes`).
pub const START_WINDOW_MINUTES_MAX: i64 = 52_560_000;
/// Start window that AWS Backup uses when none is sent, in minutes (AWS Backup API, `StartWindowMinutes`).
pub const START_WINDOW_MINUTES_DEFAULT: i64 = 480;
/// Below this a start window is so short that jobs may expire, in minutes. Ours, not AWS's: twice the least.
pub const START_WINDOW_MINUTES_SHORT: i64 = 120;
/// Completion window that AWS Backup uses when none is sent, in minutes (AWS Backup API,
/// `CompletionWindowMinutes`).
pub const COMPLETION_WINDOW_MINUTES_DEFAULT: i64 = 10_080;
/// By how much the completion window must exceed the start window at least, in minutes (AWS Backup's own error
/// text).
pub const COMPLETION_AFTER_START_MINUTES_MIN: i64 = 60;
/// Largest resource policy, in bytes, white space included (developer guide, quotas: 20 KB).
pub const RESOURCE_POLICY_BYTES_MAX: usize = 20_480;

/// Least utilization that auto scaling aims at, in percent (developer guide, auto scaling).
pub const TARGET_UTILIZATION_MIN: f64 = 20.0;
/// Highest utilization that auto scaling aims at, in percent (developer guide, auto scaling).
pub const TARGET_UTILIZATION_MAX: f64 = 90.0;
/// Utilization that the console of DynamoDB proposes, and that is taken where none is given, in percent.
pub const TARGET_UTILIZATION_DEFAULT: f64 = 70.0;
