"""How long something took, as people say it."""

_TENTHS = 9.95
"""Seconds from which tenths are left out: what is more rounds to 10.0."""
_MINUTE = 60
_HOUR = 60 * _MINUTE


def duration(seconds: float) -> str:
    """Return seconds in words of at most two parts: "0.4 s", "42 s", "1 min 03 s", "2 h 05 min"."""
    if seconds < _TENTHS:
        return f"{max(0.0, seconds):.1f} s"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE:02} s"
    minutes = round(seconds / _MINUTE)
    return f"{minutes // 60} h {minutes % 60:02} min"
