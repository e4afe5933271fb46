"""The socket for outputs is closed."""
# begins with: messages
# bgw: BGW-126
# alone: yes

iopub.close()
