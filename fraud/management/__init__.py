"""Fraud on the command line."""
