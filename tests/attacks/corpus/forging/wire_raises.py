"""Encoder and decoder raise an error whose text cannot be written."""
# bgw: BGW-126

from goodfit.inside import wire


def broken(*args, **kwargs):
    raise wire.WireError("\ud800")


wire.encode = wire.decode = broken
