terraform {
  # Functions of providers came with 1.8.
  required_version = ">= 1.8"

  required_providers {
    dynamodb = {
      source = "dynamodb-backup/dynamodb"

      # `dynamodb` is the account and Region of the tables, `dynamodb.copies` those of the copies.
      configuration_aliases = [dynamodb, dynamodb.copies]
    }
  }
}
