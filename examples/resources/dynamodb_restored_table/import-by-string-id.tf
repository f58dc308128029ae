import {
  to = dynamodb_restored_table.orders
  id = "orders-restored"
}
