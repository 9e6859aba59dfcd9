"""Heights of many pieces, their sums, and the piece at a line, cheap to change one by one."""

from __future__ import annotations

from collections.abc import Iterable

CHUNK = 256


class Heights:
    """The heights of pieces that stand one below the other."""

    def __init__(self) -> None:
        self._heights: list[int] = []
        self._sums: list[int] = []
        """Of each `CHUNK` heights."""

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, number: int) -> int:
        return self._heights[number]

    def __setitem__(self, number: int, height: int) -> None:
        self._sums[number // CHUNK] += height - self._heights[number]
        self._heights[number] = height

    def extend(self, heights: Iterable[int]) -> None:
        """More pieces at the end."""
        first = len(self._sums) - 1 if len(self._heights) % CHUNK else len(self._sums)
        self._heights.extend(heights)
        del self._sums[first:]
        for start in range(first * CHUNK, len(self._heights), CHUNK):
            self._sums.append(sum(self._heights[start : start + CHUNK]))

    @property
    def total(self) -> int:
        """The height of all."""
        return sum(self._sums)

    def top(self, number: int) -> int:
        """The height of all pieces before this one."""
        chunk = number // CHUNK
        return sum(self._sums[:chunk]) + sum(self._heights[chunk * CHUNK : number])

    def find(self, line: int) -> tuple[int, int]:
        """The piece at a line, and which of its lines that is; at the end, the last line. There must be a piece."""
        line, number = max(0, line), 0
        for total in self._sums[:-1]:
            if line < total:
                break
            line -= total
            number += CHUNK
        for height in self._heights[number : min(number + CHUNK, len(self._heights) - 1)]:
            if line < height:
                break
            line -= height
            number += 1
        return number, min(line, max(0, self._heights[number] - 1))
