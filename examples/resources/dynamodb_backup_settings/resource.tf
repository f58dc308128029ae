# Tables can be backed up, copied to another Region or account, and moved to cold storage.
resource "dynamodb_backup_settings" "here" {
  opt_in            = true
  advanced_features = true
}

# The second Region is left as it was found when this is destroyed.
resource "dynamodb_backup_settings" "ireland" {
  region            = "eu-west-1"
  advanced_features = true
  on_destroy        = "restore"
}
