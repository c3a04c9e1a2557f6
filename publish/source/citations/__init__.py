"""Citations: literature named by `[@key]`, set by a CSL style, listed with links both ways."""
