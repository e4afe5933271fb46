"""For authors of problem sets: releases, the answer bank, mutants, calibration and the report on the graders."""
