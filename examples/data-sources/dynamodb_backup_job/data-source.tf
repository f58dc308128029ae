# How the last backup of a table went, by a plan or on demand.
data "dynamodb_backup_job" "orders" {
  table_name = "orders"
}

output "last_backup" {
  value = "${data.dynamodb_backup_job.orders.state} ${coalesce(data.dynamodb_backup_job.orders.status_message, "-")}"
}

check "last_backup_is_good" {
  assert {
    condition     = contains(["CREATED", "PENDING", "RUNNING", "COMPLETED"], data.dynamodb_backup_job.orders.state)
    error_message = "The last backup job of orders ended as ${data.dynamodb_backup_job.orders.state}."
  }
}
