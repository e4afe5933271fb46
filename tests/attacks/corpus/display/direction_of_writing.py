"""Characters that turn the direction of writing, have no width, or pile up, in errors and answers."""


def add(a, b):
    raise ValueError("\u202e7 fo 7\u202c \u2066\u2067\u2069 \u200b\u200d\ufeff \U000e0041 " + "a\u0300" * 500)


def mean(values):
    return "\u202etxt.exe\u202c" + "\u0489" * 900
