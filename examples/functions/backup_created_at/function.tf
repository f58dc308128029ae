variable "backup_arn" {
  type    = string
  default = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4"

  # A backup of before the migration of 2025-11-01 does not have the new attributes.
  validation {
    condition     = timecmp(provider::dynamodb::backup_created_at(var.backup_arn), "2025-11-01T00:00:00Z") >= 0
    error_message = "The backup was taken before the migration: give one of 2025-11-01 or later."
  }
}

# "2025-11-20T08:00:00Z"
output "created_at" {
  value = provider::dynamodb::backup_created_at(var.backup_arn)
}
