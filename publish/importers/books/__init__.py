"""Books and pages that are whole in one file: EPUB, saved web pages, exported notes, novels in plain text."""
