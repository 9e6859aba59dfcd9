"""Whether the store is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kbtui.core.post import Json


class StoreHealth(Protocol):
    """What the store knows of its own soundness."""

    def facts(self) -> dict[str, Json]:
        """Schema, sizes, versions, for `doctor` and `stats`."""
        ...

    def problems(self) -> list[tuple[str, str]]:
        """(what is wrong, what to do) for damage, broken references, open modes."""
        ...

    def run_problems(self) -> list[tuple[str, str]]:
        """(what is wrong, what to do) where runs of checklists are not what their events come to."""
        ...
