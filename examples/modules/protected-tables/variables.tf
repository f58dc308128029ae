variable "name" {
  type        = string
  description = "Name of the backup plan and of the vaults: letters, digits, hyphens and underscores."
  default     = "protected-tables"
}

variable "table_arns" {
  type        = set(string)
  description = "ARNs of the tables to protect. All are of the account and Region of the provider."

  validation {
    condition     = alltrue([for arn in var.table_arns : provider::dynamodb::parse_arn(arn).kind == "table"])
    error_message = "Each must be the ARN of a table."
  }
}

variable "backup_role_arn" {
  type        = string
  description = "The role that AWS Backup assumes to back up and to copy. It must trust backup.amazonaws.com and have the policy AWSBackupServiceRolePolicyForBackup."
}

variable "kms_key_arn" {
  type        = string
  description = "Customer managed key of the vault beside the tables. The account of the copies must be allowed to use it."
}

variable "copies_kms_key_arn" {
  type        = string
  description = "Customer managed key of the vault that takes the copies, in its account and Region."
}

variable "recovery_period_in_days" {
  type        = number
  description = "How many days back each table can be restored to any second, from 1 to 35."
  default     = 35
}

variable "schedule" {
  type        = string
  description = "When to back up, as an AWS cron expression."
  default     = "cron(0 3 ? * * *)"
}

variable "schedule_timezone" {
  type        = string
  description = "Time zone of the schedule."
  default     = "Etc/UTC"
}

variable "keep_days" {
  type        = number
  description = "How many days the recovery points beside the tables are kept."
  default     = 35
}

variable "keep_copies_days" {
  type        = number
  description = "How many days the copies are kept."
  default     = 90
}

variable "lock" {
  type = object({
    min_retention_days  = number
    max_retention_days  = number
    changeable_for_days = optional(number)
  })
  description = "Lock of the vault that takes the copies. With changeable_for_days, nobody can remove it after so many days: neither you nor AWS."

  default = {
    min_retention_days = 7
    max_retention_days = 365
  }
}

variable "tags" {
  type        = map(string)
  description = "Tags of the vaults and of the plan."
  default     = {}
}
