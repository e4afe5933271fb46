"""The encoder of answers describes arrays that are not there."""
# bgw: BGW-129

from goodfit.inside import wire

wire.encode = lambda value: ({"t": "array", "b": 7, "shape": [-1], "dtype": "O"}, [b"x"] * 3)
