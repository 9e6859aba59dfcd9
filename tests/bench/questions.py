"""The questions that every engine is timed on. Their words come from the vocabulary of synthetic posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

PAGE = 20
FACETS = ("tool", "stack", "difficulty")


@dataclass(frozen=True, slots=True)
class Question:
    """One question, in parts, so that each engine can be asked in its own way. All parts must hold."""

    group: str
    words: tuple[str, ...] = ()
    prefix: str = ""
    """The last word, still being typed."""
    phrase: str = ""
    excluded: str = ""
    """A word that must not occur."""
    filters: tuple[tuple[str, str], ...] = ()
    ranges: tuple[tuple[str, int, int], ...] = ()
    """(field, lowest, highest); days as proleptic ordinals."""
    sort: str = ""
    """Order by this number, highest first; empty for relevance."""
    facets: bool = False
    """Count the values of `FACETS` over all that match."""
    snippets: bool = False
    """Give a passage of each hit of the page."""
    similar: int = 0
    """Key of the document of which others like it are wanted, else 0."""
    telling: tuple[str, ...] = ()
    """The words of that document that say most, for engines that have to be told."""
    misspelt: bool = False

    @property
    def text(self) -> str:
        """As it is typed into kbtui."""
        parts = [*self.words, f'"{self.phrase}"' if self.phrase else "", f"-{self.excluded}" if self.excluded else ""]
        parts += [f'{field}:"{value}"' for field, value in self.filters]
        parts += [f"{field}:{_bound(field, low)}..{_bound(field, high)}" for field, low, high in self.ranges]
        return " ".join(part for part in [*parts, self.prefix] if part)

    @property
    def label(self) -> str:
        """The question on one line."""
        extra = [f"by {self.sort}"] * bool(self.sort) + [f"like {self.similar}"] * bool(self.similar)
        return " ".join([self.text, *extra]).strip()


def _bound(field: str, value: int) -> str:
    return str(value) if field in {"views", "quality", "minutes"} else date.fromordinal(value).isoformat()


# From the most frequent words to those that a handful of posts has.
FREQUENT = ("request", "rollback", "queue", "systemctl", "security")
MIDDLING = ("unbounded", "graphs", "shard", "corpepad", "kubectl")
RARE = ("alcopad", "rorith", "norfisync", "err_redundant_queue", "e4913")

ONE = (*FREQUENT, *MIDDLING, *RARE)
TWO = (
    ("slow", "request"),
    ("rotate", "upload"),
    ("shard", "rollback"),
    ("corpepad", "latency"),
    ("alcopad", "queue"),
    ("kubectl", "drain"),
    ("graphs", "capacity"),
)
THREE = (
    ("restart", "stale", "worker"),
    ("checklist", "backup", "restores"),
    ("certificate", "renewal", "nginx"),
    ("shard", "unbounded", "failover"),
    ("rorith", "disk", "timeout"),
    ("cache", "invalidation", "redis"),
)
TYPED = ("rollback", "kubernetes", "slow request", "shard rebalance", "certificate renewal")
FILTERS = (
    (("slow",), (("tool", "kubectl"),)),
    (("rollback",), (("stack", "postgresql"), ("difficulty", "beginner"))),
    (("corpepad",), (("tag", "backend"),)),
    ((), (("tool", "redis-cli"), ("status", "reviewed"))),
    (("queue", "retry"), (("owner", "security"),)),
    ((), (("topic", "debugging log retention / nginx"),)),
)
EXCLUDED = (("rollback", "docker"), ("shard", "graphs"), ("kubectl", "unbounded"), ("slow", "graphs"))
PHRASES = (
    "rollback note",
    "connection pools",
    "small verified change",
    "half-done",
    "copy of real data",
    "in the same place",
    "deploy rollbacks",
)
MISSPELT = ("rolback", "kuberntes", "certificaet", "corpepda", "systemclt", "unbuonded", "shrad")
SORTS = (
    (("rollback",), "views"),
    (("corpepad",), "reviewed"),
    (("slow", "request"), "views"),
    (("shard",), "reviewed"),
)
COUNTED = ("rollback", "corpepad", "slow request", "rotate upload", "shard")
SHOWN = ("rollback", "corpepad latency", "slow request", "alcopad")
SIMILAR_TO = (7, 77, 512, 1_033, 1_500)


def questions(keys: tuple[int, ...]) -> list[Question]:
    """All of them, group by group; `keys` are those of the documents that similar ones are wanted to."""
    return [*_words(), *_typed(), *_filtered(), *_ordered(), *(Question("similar", similar=key) for key in keys)]


def _words() -> Iterator[Question]:
    yield from (Question("one word", (word,)) for word in ONE)
    yield from (Question("two words", words) for words in TWO)
    yield from (Question("three words", words) for words in THREE)
    yield from (Question("phrase", phrase=phrase) for phrase in PHRASES)
    yield from (Question("misspelt", (word,), misspelt=True) for word in MISSPELT)


def _typed() -> Iterator[Question]:
    """Every text that stands in the search line while these are typed."""
    for text in TYPED:
        for end in range(1, len(text) + 1):
            *words, last = text[:end].split(" ")
            if last:
                yield Question("as you type", tuple(words), prefix=last)


def _filtered() -> Iterator[Question]:
    for words, filters in FILTERS:
        yield Question("filter", words, filters=filters)
    for word, excluded in EXCLUDED:
        yield Question("excluded", (word,), excluded=excluded)
    for word in ("rollback", "corpepad", "slow"):
        days = ("reviewed", date(2021, 1, 1).toordinal(), date(2022, 6, 30).toordinal())
        yield Question("dates", (word,), ranges=(days,))
        yield Question("numbers", (word,), ranges=(("views", 1_000, 50_000),))
        yield Question("numbers", (word,), ranges=(("quality", 80, 100),))
    yield Question("dates", ranges=(("published", date(2019, 1, 1).toordinal(), date(2019, 3, 31).toordinal()),))


def _ordered() -> Iterator[Question]:
    for words, sort in SORTS:
        yield Question("sort", words, sort=sort)
    for text in COUNTED:
        yield Question("facets", tuple(text.split()), facets=True)
    yield Question("facets", filters=(("tool", "kubectl"),), facets=True)
    for text in SHOWN:
        yield Question("snippets", tuple(text.split()), snippets=True)


def told(question: Question, telling: tuple[str, ...]) -> Question:
    """The question with the words that say most of its document."""
    return replace(question, telling=telling)
