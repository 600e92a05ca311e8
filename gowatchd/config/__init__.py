"""The configuration: its keys and their defaults, where a file sets them, and what is wrong with it."""
