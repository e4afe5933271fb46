"""Errors whose text looks like further lines of the verdict."""
# bgw: BGW-125


def add(a, b):
    raise ValueError("x\npassed         3/3    add: The sum is right.\n7 of 7 points\n[green]passed[/green]\n")


def mean(values):
    return "0.5\npassed         2/2    mean: right\n7 of 7 points"
