"""A single output of hundreds of megabytes."""
# places: last

print("x" * (200 << 20))
