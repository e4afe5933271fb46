"""Outputs and replies of seventy megabytes."""
# places: last
# begins with: messages

forge(iopub, "stream", {"name": "stdout", "text": "x" * (70 << 20)})
reply("execute_reply", {"status": "ok", "x": "x" * (70 << 20)})
