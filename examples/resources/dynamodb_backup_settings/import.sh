# The Region of the settings.
terraform import dynamodb_backup_settings.here us-east-1
