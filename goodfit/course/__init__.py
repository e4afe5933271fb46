"""A course folder: nbgrader's configuration and gradebook, and grading a class into it."""
