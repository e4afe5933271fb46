"""A regular expression that goes back and forth for ever."""
# places: last
# alone: yes

import re

re.match(r"(a+)+$", "a" * 64 + "b")
