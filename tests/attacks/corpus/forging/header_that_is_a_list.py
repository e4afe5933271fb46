"""The header of a reply is a list."""
# begins with: messages
# bgw: BGW-126

reply("execute_reply", {"status": "ok"}, header=[1])
