"""The wall: every feed as a tile with its state in a word, as it changes."""
