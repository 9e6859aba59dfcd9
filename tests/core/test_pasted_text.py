"""Of a log, what tells what it is about; what varies from line to line is left out."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kbtui.core.searching.pasted_text import MOST_CANDIDATES, READ_AT_EACH_END, Candidate, CandidateKind, PastedText
from tests.factories import texts
from tests.linear import Repeated, assert_linear

JOURNAL = """\
Jan 02 10:00:01 web-01 systemd[1]: nginx.service: Main process exited, code=exited, status=203/EXEC
Jan 02 10:00:02 web-01 nginx[4711]: nginx: [emerg] bind() to 0.0.0.0:443 failed (98: Address already in use)
Jan 02 10:00:03 web-01 kernel: Out of memory: Killed process 4242 (postgres) total-vm:1234567kB
Jan 02 10:00:04 web-01 sshd[999]: Failed password for invalid user admin from 203.0.113.7 port 51234 ssh2
Jan 02 10:00:05 web-01 systemd[1]: user@1000.service: Consumed 1min 2.345s CPU time.
"""
NGINX = """\
2026/01/02 10:00:00 [error] 1234#1234: *5678 connect() failed (111: Connection refused) while connecting to upstream, \
client: 10.1.2.3, request: "GET /api/v1/orders/991823 HTTP/1.1", upstream: "http://127.0.0.1:8080/api/v1/orders/991823"
10.1.2.3 - - [02/Jan/2026:10:00:00 +0000] "GET /api/v1/orders/991824 HTTP/1.1" 502 157 "-" "curl/8.1.2"
10.1.2.4 - - [02/Jan/2026:10:00:01 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.29"
"""
KUBERNETES = """\
E0102 10:00:00.123456    1234 pod_workers.go:951] "Error syncing pod, skipping" err="failed to \
\\"StartContainer\\" for \\"web\\" with CrashLoopBackOff: \\"back-off 5m0s restarting failed container=web \
pod=web-7d9c5b6f4-x2x9z_default(0f8fad5b-d9cb-469f-a165-70867728950e)\\""
Warning  FailedScheduling  3m (x5 over 10m)  default-scheduler  0/3 nodes are available: 3 Insufficient cpu.
Warning  Failed  2m  kubelet  Failed to pull image "registry.example.org/team/web:1.2.3": ErrImagePull
Last State: Terminated  Reason: OOMKilled  Exit Code: 137
pod/kube-proxy-b7k2x   0/1   ImagePullBackOff   0   5m
pod/redis-0 pod/api-7d9c5b6f4-x2x9z job/backup-28391040-x2x9z
"""
POSTGRES = """\
2026-01-02 10:00:00.123 UTC [4711] ERROR:  duplicate key value violates unique constraint "users_email_key"
2026-01-02 10:00:01.456 UTC [4712] FATAL:  sorry, too many clients already (max_connections=100)
2026-01-02 10:00:02.000 UTC [1] LOG:  could not open file "/var/lib/postgresql/data/pg_wal/000000010000000000000042"
ERROR:  canceling statement due to statement_timeout (SQLSTATE 57014)
ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)
ORA-00600: internal error code, arguments: [kdsgrp1], [], []
E11000 duplicate key error collection: shop.orders index: _id_ dup key
"""
JAVA = """\
2026-01-02 10:00:00,123 ERROR [http-nio-8080-exec-3] c.a.s.OrderController - Request failed
org.springframework.dao.DataAccessResourceFailureException: Unable to acquire JDBC Connection
\tat com.acme.shop.OrderService.place(OrderService.java:117)
Caused by: java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, gave up after 30000ms.
"""
PYTHON = """\
Traceback (most recent call last):
  File "/app/shop/orders.py", line 42, in place_order
    conn = redis.Redis(host="cache").ping()
redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.
KeyError: 'user_id'
"""
ALERT = """\
[FIRING:1] KubePodCrashLooping (prod web critical)
 - alertname = KubePodCrashLooping
{"alerts":[{"labels":{"alertname":"etcdInsufficientMembers","severity":"critical"}}]}
summary: Pod is crash looping.
# 502 Bad Gateway
net::ERR_SSL_PROTOCOL_ERROR CVE-2024-1234 ECONNREFUSED SIGKILL
"""
LOGS = (JOURNAL, NGINX, KUBERNETES, POSTGRES, JAVA, PYTHON, ALERT)

K = CandidateKind


def pasted(text: str, size: int = 0) -> PastedText:
    paste = PastedText()
    for start in range(0, len(text), size or max(len(text), 1)):
        paste.feed(text[start : start + size] if size else text)
    return paste


def found(text: str) -> dict[str, CandidateKind]:
    return {candidate.text: candidate.kind for candidate in pasted(text).candidates()}


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (JOURNAL, {"203": K.ERROR_CODE, "nginx.service": K.UNIT, "nginx": K.UNIT, "kernel": K.UNIT, "sshd": K.UNIT}),
        (JOURNAL, {"user@.service": K.UNIT, "address": K.WORD, "postgres": K.WORD, "memory": K.WORD}),
        (NGINX, {"502": K.ERROR_CODE, "/api/v1/orders": K.PATH, "kube-probe": K.IDENTIFIER, "upstream": K.WORD}),
        (KUBERNETES, {"CrashLoopBackOff": K.ALERT, "OOMKilled": K.ALERT, "FailedScheduling": K.ALERT}),
        (KUBERNETES, {"137": K.ERROR_CODE, "kube-proxy": K.IDENTIFIER, "pod_workers.go": K.IDENTIFIER, "web": K.WORD}),
        (KUBERNETES, {"redis": K.WORD, "api": K.WORD, "backup": K.WORD, "registry.example.org/team/web": K.PATH}),
        (POSTGRES, {"ORA-00600": K.ERROR_CODE, "E11000": K.ERROR_CODE, "57014": K.ERROR_CODE, "1045": K.ERROR_CODE}),
        (POSTGRES, {"users_email_key": K.IDENTIFIER, "max_connections": K.IDENTIFIER, "duplicate": K.WORD}),
        (POSTGRES, {"/var/lib/postgresql/data/pg_wal": K.PATH, "shop.orders": K.IDENTIFIER}),
        (
            JAVA,
            {"java.sql.SQLTransientConnectionException": K.EXCEPTION, "SQLTransientConnectionException": K.EXCEPTION},
        ),
        (JAVA, {"HikariPool": K.ALERT, "com.acme.shop.OrderService.place": K.IDENTIFIER, "jdbc": K.WORD}),
        (PYTHON, {"redis.exceptions.ConnectionError": K.EXCEPTION, "KeyError": K.EXCEPTION, "user_id": K.IDENTIFIER}),
        (PYTHON, {"/app/shop/orders.py": K.PATH, "place_order": K.IDENTIFIER, "refused": K.WORD}),
        (ALERT, {"KubePodCrashLooping": K.ALERT, "etcdInsufficientMembers": K.ALERT, "502": K.ERROR_CODE}),
        (ALERT, {"ERR_SSL_PROTOCOL_ERROR": K.ERROR_CODE, "CVE-2024-1234": K.ERROR_CODE, "ECONNREFUSED": K.ERROR_CODE}),
        (ALERT, {"SIGKILL": K.ERROR_CODE, "looping": K.WORD}),
    ],
)
def test_what_a_log_tells(log: str, expected: dict[str, CandidateKind]) -> None:
    told = found(log)
    assert {text: told.get(text) for text in expected} == expected


@pytest.mark.parametrize("log", LOGS)
def test_what_varies_is_left_out(log: str) -> None:
    texts_of = list(found(log))
    assert not any(text.casefold() in {"error", "fatal", "warning", "jan", "utc", "the", "web-01"} for text in texts_of)
    digits = [text for text in texts_of if text.isdigit()]
    assert set(digits) <= {"203", "502", "137", "57014", "1045"}
    for varying in (
        "4711",
        "10.1.2.3",
        "x2x9z",
        "7d9c5b6f4",
        "0f8fad5b",
        "99182",
        "00000001",
        "5m0s",
        "E0102",
        "@1000",
    ):
        assert not any(varying in text for text in texts_of)


@pytest.mark.parametrize(
    "noise",
    [
        "2026-01-02T10:00:00.123Z 10:00:00 1767348000 [4711] pid=4711",
        "0f8fad5b-d9cb-469f-a165-70867728950e deadbeef01 0x7ffd3a2b 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b",
        "10.0.0.1:8080 fe80::1ff:fe23:4567:890a 192.168.0.0/16",
        "12ms 1m30s 5m0s 1.5s 3h 100Mi 2GB v1.2.3 1.29.0-rc1",
        "INFO WARN error Debug CRITICAL level=info",
        "status=200 HTTP/1.1 200 status: 301 exit code 0 exit status 1",
    ],
)
def test_nothing_tells_nothing(noise: str) -> None:
    assert found(noise).keys() - {"status", "exit", "code"} == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"GET / HTTP/2.0" 503 0', "503"),
        ("status=502 bytes=1", "502"),
        ('{"status": 504}', "504"),
        ("Request failed with status code 429", "429"),
        ("upstream returned 500", "500"),
        ("504 Gateway Time-out", "504"),
        ("exited with code 137", "137"),
        ("exit status 2", "2"),
        ("SQLSTATE[HY000]: General error", "HY000"),
    ],
)
def test_numbers_that_are_codes_tell(text: str, code: str) -> None:
    assert found(text).get(code) is CandidateKind.ERROR_CODE


def test_the_most_telling_comes_first_and_then_the_most_frequent() -> None:
    candidates = pasted("disk disk full users_email_key KubePodCrashLooping disk full ").candidates()
    assert candidates == [
        Candidate("KubePodCrashLooping", K.ALERT, 1),
        Candidate("users_email_key", K.IDENTIFIER, 1),
        Candidate("disk", K.WORD, 3),
        Candidate("full", K.WORD, 2),
    ]


def test_a_text_of_two_kinds_stands_once() -> None:
    candidates = pasted(JOURNAL).candidates()
    assert len({candidate.text.casefold() for candidate in candidates}) == len(candidates)


def test_colours_and_escapes_hide_no_word() -> None:
    assert {"refused", "broken", "pipe"} <= found("\x1b[31mrefused\x1b[0m\\nbroken\\tpipe").keys()


def test_exact_names() -> None:
    names = pasted(ALERT).lines_as_names()
    assert names[:3] == ["KubePodCrashLooping", "etcdInsufficientMembers", "Pod is crash looping"]
    assert "502 Bad Gateway" in names
    assert len({name.casefold() for name in names}) == len(names)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("[FIRING:2] TargetDown", "TargetDown"),
        ("**Alert:** DiskFull on /var", "DiskFull"),
        ('"Restart the ingress"', "Restart the ingress"),
        ("## Restart the ingress ##", "Restart the ingress ##"),
        ("Jan 02 10:00:00 db-1 app[1]: Replication is lagging.", "Replication is lagging"),
        ("2026-01-02T10:00:00Z db-1 app: ERROR: Replication is lagging", "Replication is lagging"),
        ('labels: {alertname="KubeAPIDown", severity="page"}', "KubeAPIDown"),
        ('title: "Disk full on db"', "Disk full on db"),
        (
            'a long line that says in the middle "no space left on device" and then goes on about other things a while',
            "",
        ),
    ],
)
def test_names_in_a_line(line: str, name: str) -> None:
    assert (name or "no space left on device") in pasted(line).lines_as_names()


def test_names_are_few_and_short() -> None:
    names = pasted("\n".join(f"{word} is down" for word in map("x".__mul__, range(3, 2_000)))).lines_as_names()
    assert 0 < len(names) <= 300
    assert max(map(len, names)) <= 120


fragments = st.one_of(
    texts(40, surrogates=True), st.sampled_from([*LOGS, "\n", " ", "\\", "\x1b[", "web-7d9c5b6f4-x2x9z"])
)


@given(st.lists(fragments, max_size=12).map("".join), st.integers(1, 60))
@example("".join(LOGS) * 3, 7)
@example("KubePodCrashLooping" * 100, 1)
def test_where_the_text_is_cut_makes_no_difference(text: str, size: int) -> None:
    whole, cut = pasted(text), pasted(text, size)
    assert whole.candidates() == cut.candidates()
    assert whole.lines_as_names() == cut.lines_as_names()


def test_of_a_text_without_end_both_ends_are_read() -> None:
    filler = "nothing of note happens here\n" * (READ_AT_EACH_END // 29 + 1)
    parts = ("FirstThingFails\n", filler, "MiddleThingFails\n", filler, "LastThingFails\n")
    text = "".join(parts)
    candidates = {candidate.text for candidate in pasted(text, 100_007).candidates()}
    assert {"FirstThingFails", "LastThingFails"} <= candidates
    assert "MiddleThingFails" not in candidates


def test_reading_on_after_an_answer() -> None:
    paste = pasted("OneThingFails ")
    assert [c.text for c in paste.candidates()] == ["OneThingFails"]
    paste.feed("AnotherThingFails")
    assert [c.text for c in paste.candidates()] == ["OneThingFails", "AnotherThingFails"]


def test_a_hundred_megabytes_pass_in_bounded_time_and_memory() -> None:
    chunk = "".join(LOGS) * 20

    def read(size: int) -> None:
        look_at(fed(size))

    def look_at(paste: PastedText) -> None:
        assert len(paste.candidates()) <= MOST_CANDIDATES
        assert paste.lines_as_names()

    def fed(size: int) -> PastedText:
        paste = PastedText()
        for _ in range(size // len(chunk)):
            paste.feed(chunk)
        return paste

    assert_linear(read, int, 1_250_000)
    tracemalloc.start()
    paste = fed(100_000_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3 * READ_AT_EACH_END
    look_at(paste)


def test_candidates_are_bounded_and_keep_the_telling_ones() -> None:
    letters = "bcdfghjklmnp"
    words = (f"{a}{b}{c}{d}x" for a in letters for b in letters for c in letters for d in letters)
    candidates = pasted("KubePodCrashLooping " + " ".join(words)).candidates()
    assert len(candidates) == MOST_CANDIDATES
    assert candidates[0].text == "KubePodCrashLooping"


@pytest.mark.parametrize(
    "piece", ["\n", "a ", "/", '"', "aB1.", "-", "a-1", "_1", "status ", "HTTP/", "alertname=", "[", "x::", "(ab"]
)
def test_hostile_text_takes_no_time(piece: str) -> None:
    def read(text: str) -> None:
        paste = pasted(text)
        paste.candidates()
        paste.lines_as_names()

    assert_linear(read, Repeated(piece), 50_000)
