"""Write the hashes of WeasyPrint's functions into the table of hooks, once somebody has looked at what changed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from publish.weasy import hooks

TABLE = Path(hooks.__file__)
# The formatter puts a long row on several lines.
ROW = re.compile(r'(Hook\(\s*(?P<owner>[\w.]+),\s*"(?P<name>\w+)",\s*[\w.]+,\s*")[0-9a-f]*("[,\s]*\))')


def main() -> int:
    """Print each function that differs from the one in the table, and rewrite its row."""
    rows = {(hook.owner, hook.name): hook for hook in (*hooks.HOOKS, *hooks.TOUCHED)}
    for hook in hooks.changed():
        print(hook.place)

    def rewrite(row: re.Match[str]) -> str:
        owner = eval(row["owner"], vars(hooks))  # noqa: S307  # a name in the table that we have just imported
        return f"{row[1]}{rows[owner, row['name']].digest()}{row[4]}"

    TABLE.write_text(ROW.sub(rewrite, TABLE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
