"""Migrations of fraud."""
