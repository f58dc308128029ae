# The id of the copy job, and the role with which the copy is read in the other account: aws backup list-copy-jobs
terraform import dynamodb_recovery_point_copy.elsewhere '1EB3B5E7-9EB0-435A-A80B-108B488B0D45|arn:aws:iam::444455556666:role/terraform-copies'
