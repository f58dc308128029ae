variable "recovery_point_arn" {
  description = "A recovery point of the table, made with the advanced features of AWS Backup."
  type        = string
  default     = "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45"
}

# A copy that a fault of this account cannot reach: in the backup account of the organization.
resource "dynamodb_recovery_point_copy" "elsewhere" {
  recovery_point_arn    = var.recovery_point_arn
  source_vault_name     = "orders"
  destination_vault_arn = "arn:aws:backup:eu-central-1:444455556666:backup-vault:copies"
  role_arn              = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"

  recovery_point_lifecycle = {
    delete_after_days = 365
  }

  # With a role in that account, the vault is checked, and a destroy deletes the copy.
  destination = {
    role_arn = "arn:aws:iam::444455556666:role/terraform-copies"
  }
}

output "copy_arn" {
  value = dynamodb_recovery_point_copy.elsewhere.arn
}
