"""A library: many books built in one run, each by itself, here or on other machines."""
