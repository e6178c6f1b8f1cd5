"""The commands of fraud."""
