import {
  to = dynamodb_final_backup.legacy
  id = "orders"
}
