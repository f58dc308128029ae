# The id of the plan, or its ARN. Its Region follows an @ where it is not the provider's.
terraform import dynamodb_backup_plan.orders 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9
