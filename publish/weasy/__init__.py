"""The fence around WeasyPrint: all that touches its internals is here, and `hooks` lists every place."""
