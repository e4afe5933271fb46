"""Payloads of the reply ask the other side to put code into the next cell, to open a file, and to page a text."""
# bgw: BGW-129

shell = get_ipython()
for payload in (
    {"source": "set_next_input", "text": "7.0", "replace": True},
    {"source": "edit_magic", "filename": "/etc/passwd", "line_number": 1},
    {"source": "page", "data": {"text/plain": "7.0"}, "start": 0},
    {"source": "ask_exit", "keepkernel": False},
):
    shell.payload_manager.write_payload(payload, single=False)
