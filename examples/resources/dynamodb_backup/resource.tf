variable "release" {
  description = "The release that is about to be deployed."
  type        = string
  default     = "2026.47"
}

# A backup before each release. The one of the last release is kept in AWS.
resource "dynamodb_backup" "before_release" {
  table_name        = "orders"
  retain_on_destroy = true

  triggers = {
    release = var.release
  }

  timeouts = {
    create = "1h"
  }
}

output "backup_arn" {
  value = dynamodb_backup.before_release.arn
}
