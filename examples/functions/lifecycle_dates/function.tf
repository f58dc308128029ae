# What a lifecycle of 30 days in warm storage and a year in all means for one backup.
locals {
  dates = provider::dynamodb::lifecycle_dates("2026-01-31T05:00:00Z", 30, 365)
}

# "2026-03-02T05:00:00Z"
output "moves_to_cold_storage_at" {
  value = local.dates.cold_storage_at
}

# "2027-01-31T05:00:00Z"
output "is_deleted_at" {
  value = local.dates.delete_at
}
