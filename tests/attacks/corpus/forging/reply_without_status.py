"""The reply to a cell has no content."""
# begins with: messages
# bgw: BGW-126

reply("execute_reply", {})
