"""Make the tokens that tell apart two histories of the record whose revisions have the same numbers."""

import secrets

EPOCH_PATTERN = "[0-9a-f]{10}"
"""The form of a token, as a regular expression."""


def make_epoch_token() -> str:
    """Return a new random token of 40 bits."""
    return secrets.token_hex(5)
