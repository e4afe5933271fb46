"""Twenty thousand messages at once."""
# places: last
# begins with: messages

for n in range(20_000):
    forge(iopub, "stream", {"name": "stdout", "text": "x" * 1000})
