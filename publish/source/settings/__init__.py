"""What book.yaml and front matter say, held against a schema."""
