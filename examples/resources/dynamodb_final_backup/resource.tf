resource "dynamodb_restored_table" "orders" {
  name = "orders-copy"

  source = {
    point_in_time = {
      table_name = "orders"
      latest     = true
    }
  }
}

# A last backup before the table goes. Refer to the table by its ARN, so that a plan that replaces the table takes the
# backup, too. Beside a table of hashicorp/aws: table_name = aws_dynamodb_table.orders.arn
resource "dynamodb_final_backup" "orders" {
  table_name = dynamodb_restored_table.orders.arn

  timeouts = {
    delete = "1h"
  }
}

# A table that Terraform does not manage: the backup is taken when this block is removed.
resource "dynamodb_final_backup" "legacy" {
  table_name = "orders"
  name       = "orders-final"
}
