"""A notebook in UTF-16, UTF-32, with marks, NULs or half characters in it."""
# places: file


def hand_in(folder, notebook):
    import json

    (folder / "tiny.ipynb").write_bytes(b"\xef\xbb\xbf" + json.dumps(notebook).encode("utf-16") + b"\0\xff\xfe" * 1000)
