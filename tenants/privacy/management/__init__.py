"""Commands about people's rights."""
