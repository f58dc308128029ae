variable "release" {
  description = "The release that is about to be deployed."
  type        = string
  default     = "2026.47"
}

# A recovery point before each release, deleted by AWS Backup after 35 days.
resource "dynamodb_recovery_point" "before_release" {
  table_name        = "orders"
  vault_name        = "nightly"
  role_arn          = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  retain_on_destroy = true

  recovery_point_lifecycle = {
    delete_after_days = 35
  }

  tags = {
    release = var.release
  }

  triggers = {
    release = var.release
  }
}

output "recovery_point_arn" {
  value = dynamodb_recovery_point.before_release.arn
}
