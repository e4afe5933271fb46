"""Markup of the terminal's own tables, links and emoji in errors: [red], [link=…], [/], :smile:."""


def add(a, b):
    raise ValueError("[bold green]passed[/] [link=file:///etc/passwd]x[/link] [/] [[ :smile: \\[x] [@click=quit]x[/]")


def mean(values):
    raise KeyError("[/red][/red][on red]")
