"""Signs beside colours: colour never carries meaning alone."""

RESULTS = {"succeeded": "✓", "unchanged": "=", "failed": "✗", "skipped": "↷", "cancelled": "■"}
KINDS = {"create": "+", "update": "~", "replace": "±", "delete": "-"}
STEPS = {"succeeded": "✓", "failed": "✗", "unfinished": "…"}
