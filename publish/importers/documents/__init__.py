"""Documents: files of office programs, and texts in other markup, which pandoc reads."""
