//! The numbers of AWS, each with its unit and where it is known from. Quotas that AWS raises on request say
//! so.

/// Shortest recovery period, in days (DynamoDB API, `RecoveryPeriodInDays`).
pub const RECOVERY_PERIOD_DAYS_MIN: i64 = 1;
/// Longest recovery period, in days (DynamoDB API, `RecoveryPeriodInDays`).
pub const RECOVERY_PERIOD_DAYS_MAX: i64 = 35;
/// Recovery period that AWS uses when none is sent, in days (DynamoDB API, `RecoveryPeriodInDays`).
pub const RECOVERY_PERIOD_DAYS_DEFAULT: i64 = 35;
/// How far the latest restorable moment typically trails the present, in seconds (developer guide,
/// point-in-time recovery).
pub const LATEST_RESTORABLE_LAG_SECONDS: i64 = 300;
/// How much clocks may differ before a rule about time speaks, in seconds. Ours, not AWS's.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 60;

/// Shortest name of a table, index or backup, in characters (DynamoDB API, `TableName`).
pub const NAME_LENGTH_MIN: usize = 3;
/// Longest name of a table, index or backup, in characters (DynamoDB API, `TableName`).
pub const NAME_LENGTH_MAX: usize = 255;
/// Shortest ARN of a backup, in characters (DynamoDB API, `BackupArn`).
pub const BACKUP_ARN_LENGTH_MIN: usize = 37;
/// Longest ARN of a table or a backup, in characters (DynamoDB API, `BackupArn`, `TableArn`).
pub const ARN_LENGTH_MAX: usize = 1024;

/// Most local secondary indexes of a table (developer guide, quotas; fixed).
pub const LOCAL_INDEXES_MAX: usize = 5;
/// Most global secondary indexes of a table (developer guide, quotas; AWS raises it on request).
pub const GLOBAL_INDEXES_MAX: usize = 20;

/// Least capacity or request units (DynamoDB API, `PositiveLongObject`).
pub const THROUGHPUT_MIN: i64 = 1;

/// Most tags of a table (developer guide, quotas).
pub const TAGS_MAX: usize = 50;
/// Longest tag key, in characters (DynamoDB API, `TagKeyString`).
pub const TAG_KEY_LENGTH_MAX: usize = 128;
/// Longest tag value, in characters (DynamoDB API, `TagValueString`).
pub const TAG_VALUE_LENGTH_MAX: usize = 256;
/// Largest resource policy, in bytes, white space included (developer guide, quotas: 20 KB).
pub const RESOURCE_POLICY_BYTES_MAX: usize = 20_480;

/// Least utilization that auto scaling aims at, in percent (developer guide, auto scaling).
pub const TARGET_UTILIZATION_MIN: f64 = 20.0;
/// Highest utilization that auto scaling aims at, in percent (developer guide, auto scaling).
pub const TARGET_UTILIZATION_MAX: f64 = 90.0;
/// Utilization that the console of DynamoDB proposes, and that is taken where none is given, in percent.
pub const TARGET_UTILIZATION_DEFAULT: f64 = 70.0;
