"""With the kernel's own sockets and key: the cell's end is announced early, then come results for other cells."""
# begins with: messages
# bgw: BGW-112
# quick: yes

reply("execute_reply", {"status": "ok", "execution_count": 1})
forge(iopub, "status", {"execution_state": "idle"})
for n in range(9):
    forge(iopub, "execute_result", number)
