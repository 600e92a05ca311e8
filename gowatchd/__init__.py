"""gowatchd keeps Go workspaces valid and formatted while their owner works."""

__version__ = "0.1.0"
