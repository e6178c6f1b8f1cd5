"""Migrations of the log's tables in each tenant schema."""
