"""The command line: options and calls."""
