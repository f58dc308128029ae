resource "dynamodb_backup" "before_release" {
  table_name = "orders"
}

# The backup as a table to work with. A restore drops settings of the source: some are copied, some are spelled out.
resource "dynamodb_restored_table" "orders" {
  name   = "orders-restored"
  source = { backup_arn = dynamodb_backup.before_release.arn }

  carry_over                  = ["stream", "tags", "time_to_live"]
  point_in_time_recovery      = { recovery_period_in_days = 35 }
  deletion_protection_enabled = true
}

# The latest moment that can be restored, to look into: on demand, and without the secondary indexes, which is faster
# and cheaper.
resource "dynamodb_restored_table" "inspection" {
  name = "orders-inspection"

  source = {
    point_in_time = {
      table_arn = dynamodb_backup.before_release.source_table.arn # or table_name = "orders"
      latest    = true                                            # or time = "2026-11-20T09:30:00Z"
    }
  }

  billing_mode             = "PAY_PER_REQUEST"
  global_secondary_indexes = {}

  tags = {
    Purpose = "inspection"
  }
}

# A recovery point of AWS Backup, also one that was copied here from another account or Region. AWS Backup restores it in
# the name of a role; with the vault, the plan looks at the recovery point first.
resource "dynamodb_restored_table" "from_vault" {
  name = "orders-from-vault"

  source = {
    recovery_point_arn = "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45"
    vault_name         = "orders"
    role_arn           = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  }

  server_side_encryption      = { enabled = true }
  point_in_time_recovery      = { recovery_period_in_days = 35 }
  deletion_protection_enabled = true
}
