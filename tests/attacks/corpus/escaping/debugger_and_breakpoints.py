"""Debuggers, breakpoints and prompts that wait for a person, and the kernel's own debug requests."""
# places: answer

import builtins, pdb, sys

sys.breakpointhook = lambda *args: print("REACHED", "a debugger")
try:
    answer = input("password: ")
    print("REACHED", "somebody answered", answer)
except BaseException as error:
    print(type(error).__name__)
try:
    pdb.set_trace()
except BaseException as error:
    print(type(error).__name__)
