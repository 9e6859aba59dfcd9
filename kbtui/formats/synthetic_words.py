"""The vocabulary of synthetic posts: word lists, and several thousand identifiers made from them."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, product

Draw = Callable[[], float]
"""Gives the next number of [0, 1). Only `random()` promises the same sequence in every version of Python."""


class Pool:
    """Words, the first the most frequent.

    The k-th is drawn in proportion to 1/(k + flat): Zipf's law as Mandelbrot has it. Identifiers get a `flat`
    part, because the words of the sentences around them already take the first ranks.
    """

    def __init__(self, words: Iterable[str], flat: int = 0) -> None:
        self.words = tuple(dict.fromkeys(words))
        self._sums = list(accumulate(1 / (rank + 1 + flat) for rank in range(len(self.words))))

    def pick(self, draw: Draw) -> str:
        """One word."""
        return self.words[bisect(self._sums, draw() * self._sums[-1])]


def choose(items: Sequence[str], draw: Draw) -> str:
    """One of these, all equally likely."""
    return items[int(draw() * len(items))]


@dataclass(frozen=True, slots=True)
class Stack:
    """What a post's code runs on."""

    name: str
    area: str
    language: str
    tools: tuple[str, ...]


def _stack(name: str, area: str, language: str, tools: str) -> Stack:
    return Stack(name, area, language, tuple(tools.split()))


STACKS = (
    _stack("python services", "backend", "python", "fastapi pytest uvicorn ruff git logs"),
    _stack("postgresql", "database", "sql", "psql pg_stat_statements pgbouncer pg_dump auto_explain wal-g"),
    _stack("kubernetes", "platform", "yaml", "kubectl helm kustomize kube-proxy coredns k9s"),
    _stack("nginx", "edge", "nginx", "nginx openssl curl certbot goaccess ab"),
    _stack("redis", "cache", "bash", "redis-cli sentinel redis-benchmark twemproxy rdbtools"),
    _stack("wordpress", "content", "php", "wp-cli composer xdebug php-fpm query-monitor"),
    _stack("linux servers", "operations", "bash", "systemd journalctl iostat strace tcpdump logrotate"),
    _stack("node services", "backend", "javascript", "npm node pm2 clinic eslint vitest"),
    _stack("go services", "backend", "go", "go pprof delve golangci-lint wire"),
    _stack("java services", "backend", "java", "maven gradle jstack jcmd flyway"),
    _stack("docker hosts", "platform", "dockerfile", "docker compose buildx trivy containerd"),
    _stack("terraform estates", "infrastructure", "hcl", "terraform tflint terragrunt vault consul"),
    _stack("kafka pipelines", "data", "bash", "kafka-topics kcat zookeeper-shell schema-registry burrow"),
    _stack("airflow jobs", "data", "python", "airflow celery dbt great-expectations spark-submit"),
    _stack("mysql", "database", "sql", "mysql pt-query-digest gh-ost mysqldump proxysql"),
    _stack("elasticsearch", "search", "json", "curator logstash filebeat kibana elasticdump"),
    _stack("prometheus stacks", "observability", "promql", "promtool alertmanager grafana node_exporter loki"),
    _stack("rust tools", "backend", "rust", "cargo clippy miri perf criterion"),
    _stack("react frontends", "frontend", "typescript", "vite playwright lighthouse storybook webpack"),
    _stack("ci pipelines", "delivery", "yaml", "github-actions argocd sonarqube renovate act"),
)

_DOING = "improving,debugging,automating,securing,measuring,simplifying"
_WHAT = (
    "database queries,cache invalidation,background jobs,deploy rollbacks,log retention,health checks,"
    "connection pools,rate limits,certificate renewal,backup restores"
)
TOPICS = tuple(f"{doing} {what}" for doing in _DOING.split(",") for what in _WHAT.split(","))

TITLES = (
    "production checklist for {topic} in {stack}",
    "{topic} in {stack} without downtime",
    "a small guide to {topic} with {stack}",
    "runbook: {topic} in {stack}",
    "field notes on {topic} in {stack}",
    "{topic} in {stack}: what to measure first",
    "how we approach {topic} with {stack}",
    "{topic} for {stack} under load",
    "common mistakes when {topic} in {stack}",
    "{topic} in {stack} step by step",
    "before and after {topic} in {stack}",
    "recovery plan for {topic} in {stack}",
    "{topic} in {stack}, explained for the on-call engineer",
    "safe defaults for {topic} in {stack}",
    "reviewing {topic} in {stack}",
    "{topic} in {stack} after an incident",
    "a repeatable way of {topic} in {stack}",
    "the boring way of {topic} in {stack}",
    "{topic} in {stack}: limits and trade-offs",
    "handing over {topic} in {stack}",
    "{topic} in {stack} on a small budget",
    "tests that matter for {topic} in {stack}",
    "{topic} in {stack} for newcomers",
    "questions to ask before {topic} in {stack}",
)

SCENARIOS = (
    "for a team that ships daily",
    "for a shop with seasonal peaks",
    "for a site with many editors",
    "for a service with strict audits",
    "for an internal platform",
    "for a product in two regions",
    "for a nightly batch",
    "for a legacy migration",
    "for a public api",
    "for an on-call rotation of four",
)
OWNERS = (
    "platform-oncall",
    "database-oncall",
    "web-team",
    "data-team",
    "edge-team",
    "security",
    "search-team",
    "delivery",
)
STATUSES = ("reviewed", "expanded", "published", "draft", "imported")
DIFFICULTIES = ("beginner", "intermediate", "advanced", "expert")

_NOUNS = """
request queue worker deploy index cache query timeout replica latency config log job release node
session retry limit schema token disk backup route batch alert tenant upload cursor lock bucket
thread probe lease quota header payload segment snapshot cluster proxy socket checksum partition
heartbeat migration dashboard certificate namespace trigger webhook failover throttle watermark
journal shard endpoint gateway pipeline artifact daemon sandbox ledger mutex offset rollout canary
listener handler manifest topology eviction compaction tombstone vacuum warmup drift baseline
percentile saturation backlog fanout hydration jitter keepalive loopback mount nonce orphan
preflight quorum reconcile spool teardown upstream vhost zone
"""
_VERBS = """
check measure restart compare reduce record verify replace raise drain rotate inspect limit disable
rebuild trace pin roll tune isolate replay flush revert throttle profile audit prune warm seed
annotate bisect quarantine reindex backfill decommission canonicalise rehearse
"""
_QUALITIES = """
slow stale small safe wrong full missing clear noisy old predictable narrow shared broken cold busy
partial explicit idle unbounded flaky redundant orphaned transient degraded saturated idempotent
monotonic lossy hermetic opaque skewed sticky verbose brittle ephemeral
"""
_REGIONS = ("eu", "us", "ap", "sa", "af", "me", "ca", "au")
_FLAT = 60
_FLAT_NOUNS = 40
_FAR = 104_729  # a prime, so that stepping by it meets every word once
_UNITS = ("seconds", "total", "bytes", "ratio", "count", "percent")


# Code names of services, as teams invent them: every first with every second and every third part.
_FIRST = "al bo cor da el fen gra hal in jo kel lu mar nor or pel quin ro sol tar ul ven wi zan"
_SECOND = "ba co de fi ga hu ka li mo na pe ri sa to vi"
_THIRD = "dex flow gate lite mark node pad rix sync th tron via"


@cache
def pools() -> dict[str, Pool]:
    """Every pool by the name under which templates ask for it; some ten thousand words and identifiers."""
    nouns, verbs, qualities = _NOUNS.split(), _VERBS.split(), _QUALITIES.split()
    names = _shuffled(map("".join, product(_FIRST.split(), _SECOND.split(), _THIRD.split())), most=5_000)
    services = [f"{name}-{nouns[place % 20]}" for place, name in enumerate(names[:1500])]
    hosts = [f"{name}-{_REGIONS[place % 8]}-{1 + place % 40:02}" for place, name in enumerate(names[1500:3000])]
    metrics = (f"{a}_{b}_{u}" for a, b, u in product(names[3000:3400], nouns[20:24], _UNITS[:3]))
    return {
        "noun": Pool(nouns + names[:-1], flat=_FLAT_NOUNS),
        "verb": Pool(verbs, flat=2),
        "quality": Pool(qualities, flat=2),
        "service": Pool(services, flat=_FLAT),
        "host": Pool(hosts, flat=_FLAT),
        "metric": Pool(_shuffled(metrics), flat=_FLAT),
        "error": Pool(_shuffled(f"ERR_{q}_{n}".upper() for q, n in product(qualities, nouns)), flat=_FLAT),
        "code": Pool((f"E{1000 + 37 * number % 9000}" for number in range(1500)), flat=_FLAT),
        "key": Pool(_shuffled(f"{a}.{b}_{c}" for a, b, c in product(nouns[:20], verbs, nouns)), flat=_FLAT),
        "file": Pool((f"/etc/{name}/{nouns[place % 9]}.conf" for place, name in enumerate(names[3400:])), flat=_FLAT),
        "flag": Pool(_shuffled(f"--{v}-{n}" for v, n in product(verbs, nouns[:40])), flat=_FLAT),
        "call": Pool(_shuffled(f"{v}_{q}_{n}" for v, q, n in product(verbs, qualities, nouns[:9])), flat=_FLAT),
    }


def _shuffled(words: Iterable[str], most: int = 1_500) -> list[str]:
    """At most so many of the words, in a fixed order in which like ones stand far apart."""
    listed = list(dict.fromkeys(words))
    return [listed[(place * _FAR) % len(listed)] for place in range(min(most, len(listed)))]
