//! Rules about Amazon Resource Names.

pub(crate) mod arn_for_name;
pub(crate) mod backup_arn_malformed;
pub(crate) mod backup_deleted_in_another_region;
pub(crate) mod backup_id_out_of_time;
pub(crate) mod backup_of_aws_backup;
pub(crate) mod key_not_an_arn;
pub(crate) mod other_arn_for_table;
pub(crate) mod recovery_point_elsewhere;
pub(crate) mod recovery_point_for_backup;
pub(crate) mod region_outside_partition;
pub(crate) mod region_unknown;
pub(crate) mod role_arn_malformed;
pub(crate) mod table_arn_malformed;
pub(crate) mod table_of_another_region;
pub(crate) mod vault_in_wrong_form;
