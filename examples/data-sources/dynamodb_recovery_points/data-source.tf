# The newest recovery point of a table that can be restored, whichever vault holds it.
data "dynamodb_recovery_points" "orders" {
  table_name = "orders"
  status     = "COMPLETED"
}

output "newest_recovery_point" {
  value = try(data.dynamodb_recovery_points.orders.newest.arn, null)
}

# What a vault took in a week.
data "dynamodb_recovery_points" "week" {
  vault_name     = "nightly"
  created_after  = "2026-11-13T00:00:00Z"
  created_before = "2026-11-20T00:00:00Z"
}
