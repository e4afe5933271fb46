"""The process stops itself, so that it neither works nor ends."""
# places: answer
# alone: yes

import os, signal

os.kill(os.getpid(), signal.SIGSTOP)
