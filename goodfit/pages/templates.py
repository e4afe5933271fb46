"""How our pages are made from templates: all is escaped, and a name that nobody gave is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def template(package: str, name: str, **filters: Callable[..., Any]) -> Template:
    """A template that lies in a package of ours.

    Args:
        package: its full name.
        name: of the file.
        filters: what the template calls besides jinja's own.
    """
    environment = Environment(
        loader=PackageLoader(package, "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= filters
    return environment.get_template(name)
