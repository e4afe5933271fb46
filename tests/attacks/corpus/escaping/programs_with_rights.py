"""Programs that run as another user (su, mount, ping), and one's own file with these bits."""
# places: last
# bgw: BGW-132

import os, shutil, stat, subprocess

path = shutil.copy(shutil.which("sh") or "/bin/sh", "/tmp/own")
try:
    os.chmod(path, 0o6755)
except OSError:
    pass
for words in (["su", "-c", "id -u"], ["sudo", "-n", "id", "-u"], [path, "-p", "-c", "id -u"], ["newgrp", "-", "root"],
              ["unshare", "-r", "id", "-u"], ["bwrap", "--ro-bind", "/", "/", "id", "-u"], ["chroot", "/", "id", "-u"]):
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=3, stdin=subprocess.DEVNULL)
        if done.stdout.strip() == "0":
            print("REACHED", words)
    except (OSError, subprocess.TimeoutExpired):
        pass
