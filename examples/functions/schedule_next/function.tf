variable "schedule" {
  type    = string
  default = "cron(0 5 ? * MON-FRI *)"
}

# Three mornings in Berlin, where the clocks are put forward in between:
# "2026-03-27T05:00:00+01:00", "2026-03-30T05:00:00+02:00" and "2026-03-31T05:00:00+02:00".
output "next_backups" {
  value = provider::dynamodb::schedule_next(var.schedule, "Europe/Berlin", "2026-03-26T12:00:00Z", 3)
}

# In UTC, which AWS Backup uses without a time zone. The backup starts within eight hours of
# its time: before "2026-03-27T13:00:00Z".
output "first_backup_starts_before" {
  value = timeadd(provider::dynamodb::schedule_next(var.schedule, null, "2026-03-26T12:00:00Z", 1)[0], "8h")
}
