import {
  to = dynamodb_recovery_point.before_release
  id = "nightly,arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45"
}
