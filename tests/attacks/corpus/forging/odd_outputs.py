"""Outputs of every kind with contents of every wrong form."""
# begins with: messages
# bgw: BGW-126

for kind in ("stream", "display_data", "execute_result", "error", "clear_output", "comm_open", "x" * 9999):
    for content in ({}, [], None, 7, {"name": 7, "text": {}}, {"data": [], "metadata": 7}, {"traceback": "abc"},
                    {"ename": [], "evalue": {}, "traceback": [7]}, {"transient": {"display_id": []}, **number},
                    {"transient": [1]}, {"data": {"text/html": "<script>alert(1)</script>"}, "metadata": {}}):
        forge(iopub, kind, content)
