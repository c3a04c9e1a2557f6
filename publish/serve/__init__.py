"""One server on loopback: a book while it is written, built again at each save, and the review's desk beside it."""
