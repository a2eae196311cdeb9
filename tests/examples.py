"""Numbers of examples for property tests: a few in every run, and ``EXAMPLES_TIMES`` as many in ``make check``."""

import os
from typing import Any

from hypothesis import settings

EXAMPLES_FACTOR = int(os.environ.get("EXAMPLES_TIMES", "1"))


def examples(count: int, **options: Any) -> settings:
    """Return Hypothesis settings for a number of examples, without a deadline, because test machines may be slow."""
    return settings(max_examples=count * EXAMPLES_FACTOR, deadline=None, **options)
