"""Programs that are started apart, with another session and name, and ignore the end of everything."""
# places: answer, last

import subprocess

subprocess.Popen(["sh", "-c", f"exec -a {MARK} sleep 60"], start_new_session=True)
subprocess.Popen(["sh", "-c", "trap '' HUP INT TERM; sleep 60 & sleep 60"], start_new_session=True)
subprocess.Popen(["python3", "-c", f"import time; time.sleep(60)  # {MARK}"], start_new_session=True)
