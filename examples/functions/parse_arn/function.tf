locals {
  backup = provider::dynamodb::parse_arn("arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4")
}

# "orders", the table that was backed up.
output "table_name" {
  value = local.backup.table_name
}

# True: a recovery point of AWS Backup would be of another kind.
output "is_backup" {
  value = local.backup.kind == "backup"
}
