"""Where a student's code runs: confined processes with limits, and the proof that they are confined."""
