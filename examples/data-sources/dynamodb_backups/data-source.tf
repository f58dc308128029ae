# On-demand backups of one table, the newest first.
data "dynamodb_backups" "nightly" {
  table_name = "orders"
  type       = "USER"
  status     = "AVAILABLE"
  name_regex = "^orders-"
}

# Everything that was backed up in another Region within a week.
data "dynamodb_backups" "ireland" {
  region  = "eu-west-1"
  max_age = "168h"
}

output "nightly_backup_arns" {
  value = data.dynamodb_backups.nightly.arns
}
