"""Migrations of ingestion's tables in each tenant schema."""
