data "dynamodb_restore_window" "orders" {
  table_name = "orders"
}

output "restorable_since" {
  value = data.dynamodb_restore_window.orders.earliest_restorable_time
}

check "orders_can_be_restored" {
  assert {
    condition     = data.dynamodb_restore_window.orders.point_in_time_recovery_enabled
    error_message = "Point-in-time recovery of table orders is off."
  }
}
