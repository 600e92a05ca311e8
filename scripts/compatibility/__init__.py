"""The pieces that scripts/compat is made of."""
