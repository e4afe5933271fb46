"""Markdown cells with markup that runs: handlers, links, frames, styles, and half-open tags."""
# places: file

TEXTS = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](java&#115;cript:alert(1))",
         "<svg onload=alert(1)>", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<!--><script>alert(1)</script>-->",
         "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>", "<details open ontoggle=alert(1)>x</details>",
         "![](x\" onerror=\"alert(1))", "<sc<script>ript>alert(1)</sc</script>ript>", "`<script>`</p><script>alert(1)</script>",
         "| a |\n| --- |\n| <img src=x onerror=alert(1)> |", "```mermaid\n<img src=x onerror=alert(1)>\n```", "<javascript:alert(1)>"]


def hand_in(folder, notebook):
    from nbformat.v4 import new_markdown_cell, new_raw_cell

    for i, text in enumerate(TEXTS):
        notebook.cells.insert(1, new_markdown_cell(text, id=f"m{i}"))
        notebook.cells.insert(1, new_raw_cell(text, id=f"r{i}", metadata={"raw_mimetype": "text/html"}))
    why = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "why")
    why.source = "\n\n".join(TEXTS)
