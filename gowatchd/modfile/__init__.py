"""The go.mod and go.work language: syntax (lines, blocks, comments) apart from meaning."""
