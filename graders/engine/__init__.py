"""The machinery behind the graders: sandbox, student kernel, checks, verdicts, gradebook, calibration, command line."""

__version__ = "0.1.0"
