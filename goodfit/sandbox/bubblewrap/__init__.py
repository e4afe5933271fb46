"""The second tier: a new Python inside bubblewrap, behind the same walls."""
