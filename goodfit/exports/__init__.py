"""Scores for other programs: tables, learning platforms, and an autograder of one set for Gradescope."""
