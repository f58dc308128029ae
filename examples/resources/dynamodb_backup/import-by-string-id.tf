import {
  to = dynamodb_backup.before_release
  id = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d"
}
