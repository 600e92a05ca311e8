"""The commands: gowatchctl with one file a verb, and gofumpt-work."""
