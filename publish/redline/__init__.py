"""The redline: what differs between two states of a book, passage by passage, in each edition."""
