import {
  to = dynamodb_point_in_time_recovery.orders
  id = "orders"
}

import {
  to = dynamodb_point_in_time_recovery.orders_ireland
  id = "orders@eu-west-1"
}
