"""Who may read an archive: its owner alone, unless the operator's umask says otherwise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gxgk_crawler.archive import manifest

pytestmark = pytest.mark.process

SOURCE = """
import sys
from pathlib import Path
from tests.archive.samples import exchange, writer_in
archive = Path(sys.argv[1]) / "home" / "archive"
for seal in (True, False):
    writer = writer_in(archive)
    writer.write(exchange(1))
    if seal:
        writer.seal()
print(*(f"{path.stat().st_mode & 0o777:o}" for path in (archive, *sorted(archive.iterdir()))))
"""


@pytest.mark.parametrize(
    ("umask", "directory", "file"),
    [(0o022, "700", "600"), (0o002, "700", "600"), (0o077, "700", "600"), (0o027, "750", "640"), (0o007, "770", "660")],
    ids=["022", "002", "077", "027", "007"],
)
def test_modes_follow_a_umask_that_keeps_others_out(umask: int, directory: str, file: str, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SOURCE, str(tmp_path)],
        umask=umask,
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    names = [".lock", "a sealed file", "an open file", manifest.MANIFEST]
    assert (done.stdout.split(), done.stderr) == ([directory, *[file] * len(names)], "")
