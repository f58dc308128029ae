terraform {
  required_providers {
    dynamodb = {
      source = "dynamodb-backup/dynamodb"
    }
  }
}

# The arguments of a `provider "aws"` block can be pasted here.
provider "dynamodb" {
  region = "us-east-1"

  default_tags {
    tags = {
      managed-by = "terraform"
    }
  }
}
