"""Markup in names, texts and tracebacks of exceptions, and in what the answers return."""

Evil = type("<script>alert(1)</script>", (ValueError,), {})


def add(a, b):
    raise Evil("<script>alert(1)</script><img src=x onerror=alert(1)>")


def mean(values):
    return "<script>alert(1)</script>"


raise Evil("<iframe src=//evil.example></iframe>")
