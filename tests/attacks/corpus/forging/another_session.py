"""Messages signed with another key."""
# begins with: messages

key = session.key
session.key = b"another"
forge(iopub, "stream", {"name": "stdout", "text": "x"})
session.key = key
