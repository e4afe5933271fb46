"""Messages that end behind their mark."""
# begins with: messages
# bgw: BGW-126

iopub.send_multipart([b"x", b"<IDS|MSG>"])
shell.send_multipart([b"y", b"<IDS|MSG>"])
