"""What a developer's machine does all day, for a soak inside a booted container: saves, git, the bus, units.

It runs there with the distribution's Python and the installed package, and so imports nothing else.
"""
