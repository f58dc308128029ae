import {
  to = dynamodb_backup_vault.orders
  id = "orders@eu-west-1"
}
