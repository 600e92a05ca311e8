"""Diagnostics: one module per family of rules, and their catalog."""
