"""Grading one submission: the notebook in its kernel, the checks on it, and the verdict."""
