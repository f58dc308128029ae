# The name of the vault and the ARN of the recovery point: aws backup list-recovery-points-by-backup-vault --backup-vault-name nightly
terraform import dynamodb_recovery_point.before_release nightly,arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45
