# The ARN of the backup: aws dynamodb list-backups --table-name orders
terraform import dynamodb_backup.before_release arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d
