"""Surrogates, NULs and characters that no encoding has, in names, texts, outputs and errors."""


def add(a, b):
    raise ValueError("\ud800\x00\uffff\udfff")


def mean(values):
    return "\ud83d"


print("\x00\ud800", "\ufffe")
