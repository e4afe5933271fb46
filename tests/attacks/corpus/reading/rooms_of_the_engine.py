"""Rooms of Goodfit that are none of a student's business: what a course's gradebook and graders are opened with."""
# bgw: BGW-116

import importlib, os

import goodfit

for room in ("course", "authoring", "exports", "reports", "cli"):
    if os.path.isdir(os.path.join(os.path.dirname(goodfit.__file__), room)):
        print("REACHED", "the folder", room)
