"""What the server of the workers has loaded before it makes the first: deriving, and each format's own modules."""

from contextlib import suppress
from importlib import import_module

from publish.compiled import loading
from publish.formats import installed

with loading():
    import_module("publish.edition.derive")
    for _format in installed():
        for _module in _format.modules:
            with suppress(Exception):  # what is wrong with it is told when it is used
                import_module(_module)
