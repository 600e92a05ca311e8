"""What the shells complete, made from the parsers of the programs."""
