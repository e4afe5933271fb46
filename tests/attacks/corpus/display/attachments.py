"""Attachments that are scripts: SVG, HTML, pictures that are none, names that leave their attribute."""
# places: file


def hand_in(folder, notebook):
    from nbformat.v4 import new_markdown_cell

    svg = "PHN2ZyB4bWxucz0naHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmcnPjxzY3JpcHQ+YWxlcnQoMSk8L3NjcmlwdD48L3N2Zz4="
    for i, (name, kind) in enumerate({"x.svg": "image/svg+xml", "x.html": "text/html", 'x" onerror="alert(1)': "image/png",
                                      "javascript:alert(1)": "image/gif", "../../x.png": "image/png"}.items()):
        cell = new_markdown_cell(f"![x](attachment:{name})", id=f"m{i}", attachments={name: {kind: svg}})
        notebook.cells.insert(1, cell)
