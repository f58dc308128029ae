terraform {
  required_providers {
    dynamodb = {
      source = "dynamodb-backup/dynamodb"
    }
  }
}

provider "dynamodb" {
  region = "us-east-1"
}

resource "dynamodb_point_in_time_recovery" "orders" {
  table_name = "orders"
}
