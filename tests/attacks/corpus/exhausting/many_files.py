"""Names without end: files, links and folders, one in the other."""
# places: last
# alone: yes

import os

made = 0
try:
    os.makedirs("/tmp/many")
    while made < 20_000:
        open(f"/tmp/many/{made}", "w").close()
        os.symlink("x", f"/tmp/many/l{made}")
        made += 1
except OSError:
    pass
try:
    for n in range(3000):
        os.mkdir("d")
        os.chdir("d")
except OSError:
    pass
if made >= 20_000:
    print("REACHED", made)
