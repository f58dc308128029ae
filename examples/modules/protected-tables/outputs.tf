output "restore_windows" {
  description = "By table: from when to when it can be restored to any second."
  value = {
    for name, window in data.dynamodb_restore_window.tables : name => {
      earliest = window.earliest_restorable_time
      latest   = window.latest_restorable_time
    }
  }
}

output "next_backups" {
  description = "When the tables are backed up next, as RFC 3339 in UTC."
  value       = lookup(dynamodb_backup_plan.nightly.next_runs, "nightly", [])
}

output "vault_name" {
  description = "The vault beside the tables."
  value       = dynamodb_backup_vault.tables.name
}

output "copies_vault_arn" {
  description = "The vault that takes the copies."
  value       = dynamodb_backup_vault.copies.arn
}

output "copies_lock_date" {
  description = "From when on nobody can remove the lock of the copies. Null in governance mode."
  value       = dynamodb_backup_vault.copies.lock_date
}
