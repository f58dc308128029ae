# `terraform test` checks the configuration with a mocked provider: no AWS, no credentials, nothing is made.

mock_provider "dynamodb" {
  mock_resource "dynamodb_backup" {
    defaults = {
      arn    = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d"
      status = "AVAILABLE"
    }
  }
}

run "two_weeks_can_be_restored" {
  command = plan

  assert {
    condition     = dynamodb_point_in_time_recovery.orders.recovery_period_in_days == 14
    error_message = "Every second of the last 14 days must be restorable."
  }

  assert {
    condition     = dynamodb_point_in_time_recovery.orders.table_name == dynamodb_backup.before_release.table_name
    error_message = "The backup must be of the table that is protected."
  }
}

run "arn_is_told" {
  assert {
    condition     = endswith(output.backup_arn, "/backup/01700000000000-0a1b2c3d")
    error_message = "Whoever restores needs the ARN of the backup."
  }
}
