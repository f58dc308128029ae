# The newest backup of a table that was taken within a day.
data "dynamodb_backup" "newest" {
  table_name = "orders"
  max_age    = "24h"
}

# What DynamoDB kept of a table when it was deleted.
data "dynamodb_backup" "of_deleted_table" {
  table_name = "carts"
  type       = "SYSTEM"
}

output "newest_backup_arn" {
  value = data.dynamodb_backup.newest.arn
}
