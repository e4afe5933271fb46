"""The first tier: a fork of a server that has the libraries imported, confined without a new program."""
