terraform {
  required_providers {
    dynamodb = {
      source = "dynamodb-backup/dynamodb"
    }
  }
}

provider "dynamodb" {
  region = "us-east-1"
}

# Every second of the last 14 days can be restored.
resource "dynamodb_point_in_time_recovery" "orders" {
  table_name              = "orders"
  recovery_period_in_days = 14
}

# A backup now, and a new one whenever the release changes.
resource "dynamodb_backup" "before_release" {
  table_name = "orders"
  name       = "orders-before-release"

  triggers = {
    release = "2026.11"
  }
}

output "backup_arn" {
  value = dynamodb_backup.before_release.arn
}
