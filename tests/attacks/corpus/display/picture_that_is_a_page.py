"""Pictures that are pages: HTML and SVG under the kinds of PNG and JPEG, and a GIF that is a script."""

import base64

from IPython.display import display

for kind, data in {"image/png": b"<html><script>alert(1)</script>", "image/jpeg": b"<svg onload=alert(1)>", "image/gif": b"GIF89a/*"}.items():
    display({kind: base64.b64encode(data + b"x" * 100).decode()}, raw=True)
    display({kind: "data:text/html,<script>alert(1)</script>"}, raw=True)
