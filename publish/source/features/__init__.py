"""What a learned book has besides text: references, notes, tables, listings, indexes, definitions; a module each."""
