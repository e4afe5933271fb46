"""The socket of the grader's questions is closed: whoever waits for an answer must not take silence for a pass."""
# begins with: messages

kernel.io_loop.remove_handler(questions.fileno())
questions.close()
