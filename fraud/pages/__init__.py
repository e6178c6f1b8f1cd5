"""What people see of fraud."""
