"""What the features of a learned book become in an edition: numbered, sorted, drawn, filled in."""
