# The name of the table, or its ARN. Its Region follows an @ where it is not the provider's.
terraform import dynamodb_restored_table.orders orders-restored
terraform import dynamodb_restored_table.orders orders-restored@eu-west-1
