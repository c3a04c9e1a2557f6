"""Chinese typography: what the page needs beyond what CSS and WeasyPrint give."""

# The version of WeasyPrint whose internals the modules here were written against, and are tested with. Each leaves
# another version as it is; `render/layout.py` then says so.
TESTED = "70.0"
