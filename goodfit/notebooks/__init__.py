"""Notebooks as data: the instructor's assignment, a student's submission, and the one put back on the other's frame."""
