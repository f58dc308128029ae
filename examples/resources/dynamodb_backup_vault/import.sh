# The name of the vault, with @eu-west-1 behind it where it is in another Region than the provider's; or its ARN.
terraform import dynamodb_backup_vault.orders orders@eu-west-1
