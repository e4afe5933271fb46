"""The answer claims to be one of the grader's own handles."""
# bgw: BGW-129

from goodfit.inside import wire

wire.encode = lambda value: ({"t": "handle", "v": "remote-0"}, [])
