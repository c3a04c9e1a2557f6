"""What an author writes, read once."""
