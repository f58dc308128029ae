resource "dynamodb_point_in_time_recovery" "orders" {
  table_name              = "orders"
  recovery_period_in_days = 35
}

# A replica of a global table has a setting of its own.
resource "dynamodb_point_in_time_recovery" "orders_ireland" {
  table_name              = "orders"
  region                  = "eu-west-1"
  recovery_period_in_days = 7
}
