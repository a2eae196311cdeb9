"""On how many examples a property is tried: a few in every run of the suite, and many times as many in ``make check``."""

import os
from typing import Any

from hypothesis import settings

TIMES = int(os.environ.get("EXAMPLES_TIMES", "1"))


def examples(few: int, **others: Any) -> settings:
    """Settings of a property that is tried on a few examples; however slow one is, it may be the machine."""
    return settings(max_examples=few * TIMES, deadline=None, **others)
