"""The fence around WeasyPrint: whatever touches its internals is here, and `hooks` lists every place."""
