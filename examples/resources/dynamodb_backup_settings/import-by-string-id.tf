import {
  to = dynamodb_backup_settings.here
  id = "us-east-1"
}
