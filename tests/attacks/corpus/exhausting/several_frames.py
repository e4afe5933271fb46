"""Answers with many frames, each as large as one may be."""
# places: last
# begins with: messages

for n in range(3):
    forge(iopub, "stream", {"name": "stdout", "text": ""}, buffers=[bytes(40 << 20)] * 4)
forge(iopub, "stream", {"name": "stdout", "text": ""}, buffers=[b"x"] * 100_000)
