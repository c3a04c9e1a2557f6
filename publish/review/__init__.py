"""The review: every doubtful choice of a conversion in its context, decided once by the editor who signs it."""
