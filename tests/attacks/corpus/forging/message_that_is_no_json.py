"""Contents that are no JSON, no text, or nested a hundred thousand times."""
# begins with: messages
# bgw: BGW-126

forge(iopub, "stream", b"\xff{")
reply("execute_reply", b"[")
forge(iopub, "stream", b"[" * 100_000)
forge(iopub, "stream", b"[" * 900 + b"]" * 900)
