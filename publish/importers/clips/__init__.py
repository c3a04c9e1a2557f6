"""Clips: articles that a web clipper saved as Markdown."""
