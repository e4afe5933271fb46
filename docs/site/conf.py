"""Sphinx's configuration of the documentation site (see build.py)."""

from importlib.metadata import version as version_of

project = "Goodfit"
author = "the Goodfit authors"
copyright = "2026, the Goodfit authors"
version = release = version_of("goodfit")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["as-they-are"]

myst_heading_anchors = 4  # links to headings, named as on GitHub
myst_enable_extensions = ["attrs_inline"]
napoleon_numpy_docstring = False
autodoc_member_order = "bysource"
python_display_short_literal_types = True
add_module_names = False

smartquotes = False  # texts are shown as they were written: help texts have options and quotes in them

html_theme = "furo"  # brings all it needs along: nothing in a page asks another host
html_title = "Goodfit"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False  # it fetches every page that was found, which a page on a disk may not do
