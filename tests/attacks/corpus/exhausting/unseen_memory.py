"""Memory in files that have no name, secret memory and System V segments."""
# places: last
# begins with: calls
# alone: yes

tries(memfd=(319, b"x", 0), memfd_secret=(447, 0), shmget=(29, 0, 1 << 28, 0o1600))
