"""Take the picture of a feedback page for README.md: the page's head and some of its cells, as PNG.

    goodfit demo
    python docs/take_picture.py build/demo/feedback/emil.novak/ps3_baselines/ps3_baselines.html \
        docs/pictures/feedback.png rare-answer rare

Needs Chromium (Debian: apt-get install chromium), which nothing else of Goodfit does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

SIZE = (900, 1230)  # pixels: width, and the height that the rest is cut to
STYLE = """<style>
  .cell {{ display: none }}
  {chosen} {{ display: block }}
</style>"""


def take(page: Path, picture: Path, cells: list[str], height: int = SIZE[1]) -> None:
    """Write what a browser shows of a page.

    Args:
        page: a feedback page.
        picture: the PNG to write.
        cells: grade_ids of the cells that are shown; the others are left out.
        height: of the picture, in pixels.
    """
    chosen = ", ".join(f"[id='cell-id={name}']" for name in cells)
    text = page.read_text(encoding="utf-8").replace("</head>", STYLE.format(chosen=chosen) + "</head>", 1)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "page.html").write_text(text, encoding="utf-8")
        command = [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={folder}/profile", f"--window-size={SIZE[0]},{height}",
            f"--screenshot={picture.resolve()}", Path(folder, "page.html").as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    page, picture, *cells = sys.argv[1:]
    take(Path(page), Path(picture), cells)
