# Copy this file beside a configuration to run it against LocalStack or another emulator. Terraform merges files that end
# in _override.tf into the blocks that are there. `export AWS_ENDPOINT_URL=http://localhost:4566` does the same
# without a file.
provider "dynamodb" {
  access_key = "test"
  secret_key = "test"

  skip_credentials_validation = true
  skip_metadata_api_check     = true

  endpoints {
    dynamodb = "http://localhost:4566"
    sts      = "http://localhost:4566"
    kms      = "http://localhost:4566"
  }
}
