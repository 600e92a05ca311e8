"""The checks of ``gowatchctl doctor``, by subject; each docstring is the check's manual page."""
