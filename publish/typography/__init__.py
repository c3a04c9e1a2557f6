"""Chinese typography: what the page needs beyond what CSS and WeasyPrint give."""
