"""Programs that fetch from the network, as far as there are any."""
# places: last
# bgw: BGW-118

import subprocess

for line in ("curl -s -m 2 http://192.0.2.1", "wget -q -T 2 -O - http://192.0.2.1", "pip download -q nothing",
             "git ls-remote https://192.0.2.1/x", "python3 -c 'import socket; socket.create_connection((\"192.0.2.1\", 80), 1)'"):
    try:
        if subprocess.run(line, shell=True, capture_output=True, timeout=3).returncode == 0:
            print("REACHED", line)
    except subprocess.TimeoutExpired:
        pass
