"""`gxgk db dump` and `gxgk db restore`: the database as one file and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gxgk_crawler.cli.output import AsJson, console, print_json
from gxgk_crawler.config import config
from gxgk_crawler.store.postgres import backup


def dump(
    file: Annotated[Path, typer.Argument(help="Where to write it; a file of that name is replaced.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Write the whole database, as it is at this moment, to one file; crawls may go on meanwhile."""
    size = backup.dump(config(), file)
    if as_json:
        print_json({"file": str(file), "bytes": size})
    else:
        line = f"{file}: {size:,} bytes; now copy the archive directory, which holds the rest"
        console.print(line, markup=False, soft_wrap=True)


def restore(
    file: Annotated[Path, typer.Argument(help="What `gxgk db dump` or pg_dump --format=custom has written.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Fill an empty database from a dump, and bring it to the newest revision; all of it or nothing."""
    before = backup.restore(config(), file)
    if as_json:
        print_json({"file": str(file), "before": before.current, "now": before.head})
    else:
        line = f"restored, at revision {before.head}; `gxgk verify --repair` takes in what the archive holds beyond it"
        console.print(line, markup=False, soft_wrap=True)
