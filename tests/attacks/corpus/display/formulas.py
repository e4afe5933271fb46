"""Formulas with links, styles, sizes and macros that leave their place or call themselves."""
# places: file

TEXTS = [r"$\href{javascript:alert(1)}{x}$", r"<div>$&#92;href{javascript:alert(1)}{x}$</div>", r"$\style{position:fixed}{x}$",
         r"$$\require{html}\class{score}{7}$$", r"$\text{</mtext></math><script>alert(1)</script>}$", r"$\rule{9999em}{9999em}$",
         r"$\def\x{\x\x}\x$", r"$\newcommand{\a}{\a\a}\a$", r"\begin{a}<img src=x onerror=alert(1)>\end{a}",
         "$" + r"\frac{" * 200 + "x" + "}" * 200 + "$", r"$\color{red;x:url(//evil.example)}x$", "$" + "{" * 900 + "x" + "}" * 900 + "$"]


def hand_in(folder, notebook):
    from nbformat.v4 import new_markdown_cell

    for i, text in enumerate(TEXTS):
        notebook.cells.insert(1, new_markdown_cell(text, id=f"m{i}"))
