"""Frames of one message that never ends, written by hand into a socket that takes the place of the kernel's own."""
# places: last
# begins with: messages
# alone: yes

info = json.load(open("/run/goodfit/kernel.json"))
path = f"{info['ip']}-{info['iopub_port']}"
iopub.close()
os.unlink(path)
with socket.socket(socket.AF_UNIX) as server:
    server.bind(path)
    server.listen()
    client, _ = server.accept()
client.sendall(b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32))
client.recv(64)
client.sendall(b"\x04\x19\x05READY\x0bSocket-Type" + struct.pack(">I", 3) + b"PUB")
while True:
    client.sendall(b"\x03" + struct.pack(">Q", 4 << 20) + bytes(4 << 20))
