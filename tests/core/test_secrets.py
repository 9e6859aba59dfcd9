"""What looks like a secret, and what only looks like one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.secrets.rules import Rule
from kbtui.core.secrets.scanning import RULES, find_secrets, mask_secrets
from tests.core.secret_lines import CLEAN, SECRETS, read
from tests.corpora import CORPORA
from tests.factories import texts
from tests.linear import Repeated, assert_linear

EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]
LOOKALIKES = [example for rule in RULES for example in rule.clean]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[rule.name for rule, _ in EXAMPLES])
def test_each_rule_finds_its_vectors_alone_and_within_a_text(rule: Rule, example: str) -> None:
    line, secrets = read(example)
    for before, after in (("", ""), ("we ran this:\n", "\nand it worked"), ("  ", "  ")):
        text = f"{before}{line}{after}"
        found = find_secrets(text)
        assert [text[one.start : one.end] for one in found] == secrets
        assert rule.name in {one.rule for one in found}
        assert {one.line for one in found} == {before.count("\n") + 1}


@pytest.mark.parametrize("example", LOOKALIKES)
def test_what_only_looks_like_a_secret_is_clean(example: str) -> None:
    assert find_secrets(example) == ()


def test_most_secrets_of_lines_that_no_rule_was_made_from_are_masked() -> None:
    missed = [line for line in SECRETS if any(secret in mask_secrets(read(line)[0]) for secret in read(line)[1])]
    assert len(SECRETS) >= 60
    assert len(missed) <= 0.2 * len(SECRETS), missed


def test_few_ordinary_lines_are_marked() -> None:
    marked = [line for line in CLEAN if find_secrets(line)]
    assert len(CLEAN) >= 100
    assert len(marked) <= 0.05 * len(CLEAN), marked


def test_a_key_is_masked_whole_between_its_lines() -> None:
    body = "\n".join(["MIIEow" + "IBAAKCAQEAk7QxVnLr3TwYzBk9MsPc" * 2] * 20 + ["Dj2Fg=="])
    headers = "Proc-Type: 4,ENC" + "RYPTED\nDEK-Info: AES-128-CBC,7C1A5F37\n\n"
    text = "before\n-----BEGIN RSA PRI" + f"VATE KEY-----\n{headers}{body}\n-----END RSA PRIVATE KEY-----\nafter\n"
    assert mask_secrets(text) == (
        "before\n-----BEGIN RSA PRIVATE KEY-----\n[masked: private key]\n-----END RSA PRIVATE KEY-----\nafter\n"
    )


def test_a_key_that_was_cut_off_takes_no_text_with_it() -> None:
    text = (
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n\nThe rest was lost when the disk was full.\n"
    )
    assert mask_secrets(text).endswith("KEY-----\n[masked: private key]\n\nThe rest was lost when the disk was full.\n")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("curl \\\n  -u ops:orchid-77 \\\n  $URL", "curl \\\n  -u ops:[masked: password of an HTTP client] \\\n  $URL"),
        ("mongosh -p\nls -l orchid-77", "mongosh -p\nls -l orchid-77"),
        ("password:\n  orchid-77", "password:\n  orchid-77"),
        ("PASSWORD=a1b2c3; TOKEN=$T", "PASSWORD=[masked: password in a variable]; TOKEN=$T"),
        ("İ password=orchid-77", "İ password=[masked: password in a variable]"),
        ("mysql -p'it is open", "mysql -p'[masked: password of mysql]"),
        ("login with pw: orchid77 please", "login with pw: [masked: password in a setting] please"),
    ],
)
def test_masked_texts(text: str, masked: str) -> None:
    assert mask_secrets(text) == masked


def test_a_token_in_an_option_is_named_for_what_it_is() -> None:
    token = "ghp_" + "a1B2c3" * 6
    assert mask_secrets(f"curl -u ops:{token} $URL") == "curl -u ops:[masked: GitHub token] $URL"


_PIECES = [read(example)[0] for _, example in EXAMPLES] + [
    "\n", " ", "'", '"', "\\", "\\\n", ": ", "=", "password", "token", "-p", "curl -u a:", "mysql ", "]", "[masked: x]",
    ";", "://", "@",
]  # fmt: skip


def _mixed() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(_PIECES) | texts(8), max_size=12).map("".join)


@given(_mixed())
def test_masking_twice_is_masking_once(text: str) -> None:
    masked = mask_secrets(text)
    assert find_secrets(masked) == ()
    assert mask_secrets(masked) == masked


@given(_mixed())
def test_findings_are_apart_and_in_one_line_but_for_keys(text: str) -> None:
    found = find_secrets(text)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.rule == "private key" or "\n" not in text[one.start : one.end]
        assert one.line == text.count("\n", 0, one.start) + 1
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(_mixed())
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    at, rest = 0, mask_secrets(text)
    for one in find_secrets(text):
        assert rest.startswith(text[at : one.start])
        rest, at = rest[one.start - at :].removeprefix(f"[masked: {one.rule}]"), one.end
    if not find_secrets(text):
        assert rest == text


HOSTILE = [
    *sorted({f"{start} " for rule in RULES for start in rule.starts})[::4],
    *_PIECES[::3],
    "password=", "password: a", "token=a1", 'password="', "password='a\\", '"password":"', "://a:", "://a:b@",
    "mysql -p ", "docker login ", "curl -u ", "echo a | ", "echo 'a", "htpasswd -b a ", "--a-", "sudo -S <",
    "vault login -", "eyJa.", "a" * 50, "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----\nA: b\n",
    "Cookie: sid=",
]  # fmt: skip


@pytest.mark.parametrize("text", list(map(Repeated, HOSTILE)), ids=str)
def test_hostile_text_takes_time_in_proportion(text: Repeated) -> None:
    assert_linear(find_secrets, text, 4_000)


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not here")
def test_pages_of_engineers_have_few_marks() -> None:
    pages = sorted((CORPORA / "tldr").rglob("*.md"))[::4]
    marked = sum(bool(find_secrets(page.read_text("utf-8"))) for page in pages)
    assert marked <= len(pages) / 100
