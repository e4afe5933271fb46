"""A timer ends the process some time after its cell, at the expense of the cells that follow."""
# places: first
# alone: yes

import os, threading

threading.Timer(1.5, os._exit, (0,)).start()
