# The name of the table. Its Region follows an @ where it is not the provider's.
terraform import dynamodb_point_in_time_recovery.orders orders
terraform import dynamodb_point_in_time_recovery.orders_ireland orders@eu-west-1
