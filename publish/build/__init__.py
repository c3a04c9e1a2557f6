"""A build's work: its steps, its workers, the store of what they make, the manifest."""
