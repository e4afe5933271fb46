r"""Take the pictures for README.md, as PNG: what a student sees first of a feedback page, and a teacher of a report.

    goodfit demo
    python docs/take_picture.py build/demo/feedback/emil.novak/ps3_baselines/ps3_baselines.html \
        docs/pictures/feedback.png
    python docs/take_picture.py build/demo/reports/ps3_baselines.html docs/pictures/report.png 1300 1480

Needs Chromium (Debian: apt-get install chromium), which nothing else of Goodfit does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

SIZE = (900, 1330)  # pixels, of feedback: width, and the height that the rest is cut to


def take(page: Path, picture: Path, width: int = SIZE[0], height: int = SIZE[1]) -> None:
    """Write what a browser shows of a page.

    Args:
        page: a page of Goodfit's.
        picture: the PNG to write.
        width: of the window, in pixels.
        height: of the picture, in pixels.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={folder}/profile", f"--window-size={width},{height}",
            f"--screenshot={picture.resolve()}", page.resolve().as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    page, picture, *size = sys.argv[1:]
    take(Path(page), Path(picture), *map(int, size))
