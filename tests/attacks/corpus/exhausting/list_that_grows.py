"""A list that grows without end."""
# places: answer
# alone: yes

hoard = []
while True:
    hoard.append(bytearray(64 << 20))
