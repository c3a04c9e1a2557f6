"""The gate between the manuscript and its editions."""
