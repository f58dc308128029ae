# The name of the table, or its ARN. Its Region follows an @ where it is not the provider's.
terraform import dynamodb_final_backup.legacy orders
