import {
  to = dynamodb_recovery_point_copy.elsewhere
  id = "1EB3B5E7-9EB0-435A-A80B-108B488B0D45|arn:aws:iam::444455556666:role/terraform-copies"
}
