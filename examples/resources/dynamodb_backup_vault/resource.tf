# Governance mode: the lock protects from mistakes, and can be changed or removed.
resource "dynamodb_backup_vault" "orders" {
  name = "orders"

  lock = {
    min_retention_days = 7
    max_retention_days = 365
  }
}

# Takes copies from the accounts of an organization. Its lock is final after three days.
resource "dynamodb_backup_vault" "archive" {
  name        = "archive"
  kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "backup:CopyIntoBackupVault"
      Resource  = "*"
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-exampleorgid" } }
    }]
  })

  lock = {
    min_retention_days  = 30
    max_retention_days  = 3650
    changeable_for_days = 3
  }
}

output "archive_is_final_at" {
  value = dynamodb_backup_vault.archive.lock_date
}
