"""A single operation in C that takes longer than the age of the world, and cannot be interrupted."""
# places: last
# alone: yes

9**9**9
