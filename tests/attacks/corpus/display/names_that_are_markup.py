"""Functions, classes and cells whose names are markup, where a sentence names them."""


def add(a, b):
    raise ImportError("No module named '<img src=x onerror=alert(1)>'", name="<img src=x onerror=alert(1)>")


add.__name__ = add.__qualname__ = "<script>alert(1)</script>"
mean = type("<svg/onload=alert(1)>", (), {})()
