"""The pictures of a book: found, made harmless, credited, put side by side."""
