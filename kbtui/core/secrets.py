"""What in a text looks like a secret."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretFinding:
    """Something in a text that looks like a secret."""

    rule: str
    """What it looks like: `AWS access key`, `password of mysql`."""
    start: int
    end: int
    """Characters of the secret itself in the text."""
    line: int
    """From 1."""


def find_secrets(text: str) -> tuple[SecretFinding, ...]:
    """Everything in a text that looks like a secret, in order, without overlaps; linear in its length."""
    raise NotImplementedError


def mask_secrets(text: str) -> str:
    """The text with `[masked: RULE]` in the place of each secret; masking twice changes nothing more."""
    raise NotImplementedError
