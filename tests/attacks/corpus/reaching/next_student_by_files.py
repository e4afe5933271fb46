"""Startup files, settings and modules in every place that the next student's kernel might read."""
# bgw: BGW-114
# quick: yes

import os, site, sys

places = [f"~/.ipython/profile_default/startup/{MARK}.py", f"~/.keras/{MARK}.json", f"~/{MARK}.pth", f"/tmp/{MARK}.py",
          f"/var/tmp/{MARK}", f"/dev/shm/{MARK}", f"/run/{MARK}", f"/etc/{MARK}", f"/root/{MARK}", f"/run/goodfit/{MARK}",
          f"/usr/lib/{MARK}", *(os.path.join(p, MARK + ".pth") for p in [*site.getsitepackages(), *sys.path] if p)]
for place in map(os.path.expanduser, places):
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        open(place, "w").write("print('left by another student')")
        if not place.startswith((os.path.expanduser("~"), "/tmp/", "/var/tmp/", "/dev/shm/", os.getcwd())):
            print("REACHED", place)
    except OSError:
        pass
