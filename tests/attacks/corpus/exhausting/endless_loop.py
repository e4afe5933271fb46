"""A cell that never ends."""
# places: answer
# bgw: BGW-126

while True:
    pass
