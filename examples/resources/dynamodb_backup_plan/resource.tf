# Every day at 03:30 in Berlin, kept for five weeks. On the first of each month another one, kept for a year.
resource "dynamodb_backup_plan" "orders" {
  name = "orders"

  rules = {
    daily = {
      target_vault_name = "orders"
      schedule          = "cron(30 3 ? * * *)"
      schedule_timezone = "Europe/Berlin"
      lifecycle         = { delete_after_days = 35 }
    }
    monthly = {
      target_vault_name   = "orders"
      schedule            = "cron(0 4 1 * ? *)"
      lifecycle           = { move_to_cold_storage_after_days = 8, delete_after_days = 365 }
      recovery_point_tags = { kept = "a year" }

      copy_actions = [{
        destination_vault_arn = "arn:aws:backup:eu-central-1:111122223333:backup-vault:orders"
        lifecycle             = { delete_after_days = 365 }
      }]
    }
  }

  selections = {
    named = {
      role_arn  = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
      resources = ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]
    }
    # Tables with either tag, as long as they are in production.
    tagged = {
      role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
      tags     = [{ key = "backup", value = "daily" }, { key = "backup", value = "yes" }]
      conditions = [
        { operator = "StringEquals", key = "aws:ResourceTag/stage", value = "prod" },
        { operator = "StringNotLike", key = "aws:ResourceTag/team", value = "test-*" },
      ]
    }
  }

  tags = { team = "orders" }
}

output "next_backups" {
  value = dynamodb_backup_plan.orders.next_runs
}
