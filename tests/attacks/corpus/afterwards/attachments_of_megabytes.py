"""Pictures of many megabytes in attachments and in the text, thousands of them, and words that are none."""
# places: file


def hand_in(folder, notebook):
    from nbformat.v4 import new_markdown_cell

    big = "iVBORw0KGgo" + "A" * (20 << 20)
    notebook.cells.append(new_markdown_cell("![x](attachment:x.png)", id="big", attachments={"x.png": {"image/png": big}}))
    small = "data:image/png;base64,iVBORw0KGgo" + "A" * 60
    notebook.cells.append(new_markdown_cell(f"![x]({small})" * 3000, id="many"))
