"""The parent of a reply is a list."""
# begins with: messages
# bgw: BGW-126

reply("execute_reply", {"status": "ok"}, parent=[1])
