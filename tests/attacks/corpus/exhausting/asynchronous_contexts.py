"""Contexts for asynchronous input and output, of which the whole machine has 65,536."""
# places: last
# alone: yes
# begins with: calls

made = 0
for n in range(40):
    context = ctypes.c_ulong(0)
    if call(206, 500, ctypes.byref(context)) < 0:
        break
    made += 500
if made > 10_000:
    print("REACHED", made, "contexts of the machine's")
