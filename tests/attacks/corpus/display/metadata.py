"""Markup in titles, authors, languages, kernel names, tags, ids and widget states of the file."""
# places: file


def hand_in(folder, notebook):
    text = '"><script>alert(1)</script>'
    notebook.metadata = {
        "title": text, "authors": [{"name": text}], "kernelspec": {"name": text, "display_name": text, "language": text},
        "language_info": {"name": text, "pygments_lexer": text, "mimetype": text, "codemirror_mode": text, "file_extension": text},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {text: text}}}, "css": text, "toc": {"title": text},
    }
    for cell in notebook.cells:
        cell.metadata.update(tags=[text], name=text, slideshow={"slide_type": text}, collapsed=text)
        cell.id = cell.id[:20] + "<img src=x>"
