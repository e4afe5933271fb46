"""Text that a template engine would run, in cells, errors and answers."""
# places: first, answer


def add(a, b):
    raise ValueError("{{ 7*7 }}{% import os %}{{ cycler.__init__.__globals__.os.popen('touch /tmp/" + MARK + "').read() }}${7*7}<%= 7*7 %>")


def mean(values):
    return "{{ config }} {% raw %}"


print("{{ 7*7 }} {{ resources }} %(name)s {0.__class__}")
