"""The reply to a cell is a list."""
# begins with: messages
# bgw: BGW-126

reply("execute_reply", [1])
