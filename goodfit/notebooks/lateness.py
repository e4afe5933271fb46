"""When something was handed in: what its ``timestamp.txt`` says, and how late that is in words."""

from __future__ import annotations

import functools
import re
import zoneinfo
from datetime import UTC, datetime, timedelta, tzinfo

from dateutil import parser
from dateutil.tz import tzoffset

PLACE = re.compile(r"(.*?)\s+([A-Za-z_]+(?:/[\w+-]+)+)")  # a time, then a zone such as Asia/Seoul
# POSIX means three hours west of Greenwich by GMT+3, and people mean east; 2026-03-02-11-40-05 is read as a zone -11
UNCLEAR = re.compile(r"(?:GMT|UTC|UT)\s*[+-]\d|\d{4}-\d\d?-\d\d?-\d")


def moment(content: bytes) -> datetime | None:
    """The time that a ``timestamp.txt`` holds, in UTC without a zone as nbgrader keeps it; None when it holds none.

    Read as nbgrader does, but for zones: nbgrader takes a name that it does not know for UTC, and ``+0900`` for 900
    seconds. Here an abbreviation counts where it means the same all over the world (KST, but neither IST nor CST).
    """
    try:
        text = content.decode("utf-8-sig").strip()
        if UNCLEAR.search(text):
            return None
        place = PLACE.fullmatch(text)
        zone = zoneinfo.ZoneInfo(place[2]) if place else None
        # what is missing would be taken from today: a text that leaves the day open holds no time
        read = {
            parser.parse(place[1] if place else text, default=datetime(year, day, day), tzinfos=_zone)
            for year, day in ((2000, 1), (2001, 2))
        }
        (found,) = read
        found = found.replace(tzinfo=found.tzinfo or zone or UTC).astimezone(UTC).replace(tzinfo=None)
    except Exception:  # dateutil has no common error for what a text can make it do
        return None
    return found if 1970 <= found.year < 9000 else None


def late_in_words(seconds: float) -> str:
    """How late, cut to what matters: "40 s late", "10 min late", "6 h late", "5 h 20 min late", "2 d 3 h late"."""
    whole = max(1, int(seconds))
    if whole < 60:
        return f"{whole} s late"
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    parts = [(days, "d"), (hours, "h"), (0 if days else minutes, "min")]
    return " ".join(f"{n} {unit}" for n, unit in parts if n) + " late"


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """What dateutil asks for: the zone for a name, or an offset in seconds, that it has found in a text."""
    if offset is not None:
        return tzoffset(None, offset)
    if name is None:
        return None
    (found,) = _abbreviations()[name]
    return tzoffset(None, found)


@functools.cache
def _abbreviations() -> dict[str, set[timedelta]]:
    """What each abbreviation means today, anywhere."""
    found: dict[str, set[timedelta]] = {}
    for place in zoneinfo.available_timezones():
        zone = zoneinfo.ZoneInfo(place)
        for month in (1, 7):
            local = datetime(2026, month, 1, tzinfo=zone)
            found.setdefault(str(local.tzname()), set()).add(local.utcoffset() or timedelta())
    return found
