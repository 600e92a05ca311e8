"""The use-cases: tidy a file, check a workspace, remember and undo a change, tell about it."""
