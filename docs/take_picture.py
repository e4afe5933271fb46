r"""Take the picture of a feedback page for README.md: what a student sees of it first, as PNG.

    goodfit demo
    python docs/take_picture.py build/demo/feedback/emil.novak/ps3_baselines/ps3_baselines.html \
        docs/pictures/feedback.png

Needs Chromium (Debian: apt-get install chromium), which nothing else of Goodfit does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

SIZE = (900, 1330)  # pixels: width, and the height that the rest is cut to


def take(page: Path, picture: Path, height: int = SIZE[1]) -> None:
    """Write what a browser shows of a page.

    Args:
        page: a feedback page.
        picture: the PNG to write.
        height: of the picture, in pixels.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={folder}/profile", f"--window-size={SIZE[0]},{height}",
            f"--screenshot={picture.resolve()}", page.resolve().as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    page, picture = sys.argv[1:]
    take(Path(page), Path(picture))
