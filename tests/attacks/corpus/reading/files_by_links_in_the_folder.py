"""The submitted folder holds links, soft and hard, to the gradebook, the graders and another submission."""
# places: file
# bgw: BGW-116


def hand_in(folder, notebook):
    from nbformat.v4 import new_code_cell

    course = folder.parents[2]
    for i, target in enumerate(("gradebook.db", "graders/tiny/test_tiny.py", "graders/tiny/thresholds.toml",
                                "source/tiny/tiny.ipynb", "submitted/marlene-dumas/tiny/tiny.ipynb", "graders", "/etc/shadow")):
        (folder / f"link{i}.txt").symlink_to(course / target)
    (folder / "up").symlink_to("../../..")
    code = "import os\nfor f, d, n in os.walk('.'):\n    for x in n:\n        print(x, open(os.path.join(f, x), 'rb').read()[:9000])\n"
    notebook.cells.append(new_code_cell(code, id="look"))
