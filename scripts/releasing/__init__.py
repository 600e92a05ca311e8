"""The pieces that scripts/release is made of."""
