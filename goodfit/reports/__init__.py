"""Reports on a graded class, for those who teach: what its scores say of students, checks and answers."""
