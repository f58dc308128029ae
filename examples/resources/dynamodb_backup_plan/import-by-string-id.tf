import {
  to = dynamodb_backup_plan.orders
  id = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
}
