"""The socket for replies is closed: whoever waits for one must not take silence for success."""
# begins with: messages
# bgw: BGW-126
# alone: yes

shell.close()
