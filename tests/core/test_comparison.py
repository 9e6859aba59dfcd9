"""Comparisons of before and after: verdict, warnings, sentence."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtui.core.errors import UsageError
from kbtui.core.measuring.comparison import MIN_SAMPLES, compare, comparison_sentence
from kbtui.core.measuring.measurement import METRICS, Better, Comparison, Metric, Movement, Phase, Sample
from kbtui.core.text import is_line_safe
from tests.factories import NASTY, NOON
from tests.samples import a_sample, before_and_after, taken

SLOW = (431.0, 405, 420, 412, 428, 419, 424, 409, 433, 417)
FAST = (181.0, 190, 178, 184, 177, 186, 180, 183, 179, 188)


def one(samples: Sequence[Sample], files: Sequence[str] = (), commands: Sequence[str] = ()) -> Comparison:
    """The only comparison."""
    (comparison,) = compare(samples, files, commands)
    return comparison


def said(samples: Sequence[Sample], files: Sequence[str] = (), commands: Sequence[str] = ()) -> str:
    return "\n".join(one(samples, files, commands).warnings)


def test_a_clear_fall() -> None:
    found = one(before_and_after(SLOW, FAST))
    assert (found.median_before, found.median_after) == (statistics.median(SLOW), statistics.median(FAST))
    assert found.ratio == pytest.approx(182 / 419.5, rel=1e-2)
    assert found.interval is not None
    assert -255 < found.interval[0] < -237 < found.interval[1] < -220
    assert (found.movement, found.failed, found.warnings) == (Movement.IMPROVED, 0, ())
    assert (found.before, found.after) == (SLOW, FAST)


@pytest.mark.parametrize(
    ("better", "down", "up"),
    [
        (Better.LOWER, Movement.IMPROVED, Movement.WORSE),
        (Better.HIGHER, Movement.WORSE, Movement.IMPROVED),
        (Better.NEITHER, Movement.MOVED, Movement.MOVED),
    ],
)
def test_the_metric_says_which_way_is_better(better: Better, down: Movement, up: Movement) -> None:
    metric = Metric("m", "x", better)
    assert one(before_and_after(SLOW, FAST, metric=metric)).movement is down
    assert one(before_and_after(FAST, SLOW, metric=metric)).movement is up
    assert one(before_and_after(FAST, FAST, metric=metric)).movement is Movement.NO_DIFFERENCE


def test_noise_is_no_difference() -> None:
    found = one(before_and_after(SLOW, (*SLOW[5:], *SLOW[:4], 440)))
    assert found.movement is Movement.NO_DIFFERENCE
    assert found.interval is not None
    assert found.interval[0] <= 0 <= found.interval[1]


def test_with_too_few_samples_on_a_side_nothing_is_said() -> None:
    for before, after in ((SLOW[: MIN_SAMPLES - 1], FAST), (SLOW, FAST[: MIN_SAMPLES - 1]), (SLOW, ()), ((), FAST)):
        found = one(before_and_after(before, after))
        assert (found.movement, found.interval) == (Movement.TOO_FEW, None)
    assert one(before_and_after(SLOW[:MIN_SAMPLES], FAST[:MIN_SAMPLES])).movement is Movement.IMPROVED
    assert compare([]) == []


def test_warm_ups_and_failed_tries_do_not_count() -> None:
    samples = before_and_after(SLOW, (*FAST, None))
    samples.insert(10, a_sample(Phase.AFTER, 9_999, is_warm_up=True, at=NOON + timedelta(minutes=9)))
    samples.insert(10, a_sample(Phase.AFTER, None, is_warm_up=True, at=NOON + timedelta(minutes=9)))
    found = one(samples)
    assert (found.after, found.failed) == (FAST, 1)
    assert found.warnings == ("1 of 11 tries after gave no number: the medians leave them out.",)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e200])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(UsageError, match="cannot be compared"):
        compare([*before_and_after(SLOW, FAST), a_sample(Phase.AFTER, value, is_warm_up=True)])


@pytest.mark.parametrize(("before", "after"), [(0.0, 5.0), (-1.0, 5.0), (5.0, -1.0), (5e-324, 1e90)])
def test_a_ratio_that_says_nothing_is_not_given(before: float, after: float) -> None:
    assert one(before_and_after([before], [after])).ratio is None


def test_each_metric_and_unit_is_compared_apart() -> None:
    throughput = METRICS["throughput"]
    samples = [
        *before_and_after(SLOW, FAST),
        *before_and_after((5.0,) * 5, (9.0,) * 5, metric=throughput),
        *taken(Phase.BEFORE, (1.0, 2.0), metric=Metric("cpu", "ms")),
        *taken(Phase.AFTER, (1.0, 2.0), metric=Metric("cpu", "s")),
    ]
    found = compare(samples)
    assert [(c.metric.name, c.metric.unit) for c in found] == [
        ("response time", "ms"),
        ("throughput", "1/s"),
        ("cpu", "ms"),
        ("cpu", "s"),
    ]
    assert [c.movement for c in found] == [
        Movement.IMPROVED,
        Movement.IMPROVED,
        Movement.TOO_FEW,
        Movement.TOO_FEW,
    ]
    assert found[2].warnings == ("Cpu was also measured in s; that is compared apart.",)


def test_another_metric_after_than_before_is_told() -> None:
    samples = [*taken(Phase.BEFORE, SLOW), *taken(Phase.AFTER, FAST, metric=METRICS["memory"])]
    warnings = [comparison.warnings for comparison in compare(samples)]
    assert warnings == [
        ("Response time was measured only before the change; after it: memory.",),
        ("Memory was measured only after the change; before it: response time.",),
    ]


def test_more_than_one_change_is_told_once_there_is_something_to_compare() -> None:
    samples = before_and_after(SLOW, FAST)
    sentence = "The note names 2 files and 1 command: numbers cannot tell which of them made a difference."
    assert said(samples, ["a", "b"], ["x"]) == sentence
    assert "3 commands: numbers" in said(samples, (), ["x", "y", "z"])
    assert said(samples, ["a"], ["x"]) == ""
    assert said(samples[:10], ["a", "b"]) == ""


def test_other_commands_and_hosts_are_told() -> None:
    other = taken(Phase.AFTER, FAST, command="curl y")
    assert said([*taken(Phase.BEFORE, SLOW), *other]) == (
        "Measured in different ways: before `curl x`, after `curl y`."
    )
    by_hand = taken(Phase.AFTER, FAST, command="", host="")
    assert said([*taken(Phase.BEFORE, SLOW), *by_hand]).endswith("before `curl x`, after values given by hand.")
    hosts = [*taken(Phase.BEFORE, SLOW), *taken(Phase.AFTER, FAST[:5]), *taken(Phase.AFTER, FAST[5:], host="web2")]
    assert said(hosts) == "Measured on different hosts: before `web1`, after `web1` and `web2`."


def test_before_that_was_measured_after_the_change_is_told() -> None:
    late = taken(Phase.BEFORE, SLOW[:2], start=NOON + timedelta(hours=2))
    assert said([*taken(Phase.BEFORE, SLOW), *taken(Phase.AFTER, FAST), *late]) == (
        "2 of 12 values before the change were taken later than the first after it."
    )
    typed = before_and_after(FAST, SLOW, command="")
    assert said([*typed[10:], *typed[:10]]) == ""


def test_a_first_value_that_stands_apart_is_told() -> None:
    cold = said(before_and_after(SLOW, (900.0, *FAST)))
    assert cold == (
        "The first value after the change (900 ms) stands apart from the others (177 to 190 ms), as with a cold cache: "
        "take a warm-up first."
    )
    lucky = said(before_and_after(SLOW, (3.0, *FAST)))
    assert "a cache that happened to be warm" in lucky
    assert said(before_and_after(SLOW, (203.0, *FAST))) == ""  # as far from the others as they are from each other
    assert "stands apart" in said(before_and_after(SLOW, (203.1, *FAST)))
    assert said(before_and_after(SLOW, (900.0, *FAST[:3]))) == ""
    assert said(before_and_after((900.0, *SLOW), FAST)) == ""
    assert said(before_and_after(SLOW, (*FAST[:5], 900.0, *FAST[5:]))) == ""


def test_drift_while_a_command_was_measured_is_told() -> None:
    rising = tuple(float(value) for value in range(100, 110))
    assert said(before_and_after(SLOW, rising)) == (
        "The values after the change rose while they were taken: the system had not settled."
    )
    assert "before the change fell" in said(before_and_after(rising[::-1], SLOW))
    assert said(before_and_after(SLOW, rising[:7])) == ""
    assert said(before_and_after(SLOW, rising, command="")) == ""


def test_values_that_are_all_equal_are_told() -> None:
    assert said(before_and_after(SLOW, [3.0] * 6)) == (
        "All 6 values after the change are 3 ms, so the interval knows no chance there."
    )
    same = one(before_and_after([3.0] * 6, [3.0] * 6))
    assert (same.movement, same.interval, len(same.warnings)) == (Movement.NO_DIFFERENCE, (0, 0), 2)


def test_the_sentences() -> None:
    assert comparison_sentence(one(before_and_after([420.0] * 9 + [460], [181.0] * 8 + [120, 206]))) == (
        "Response time fell from 420 ms to 181 ms (median, 10 and 10 samples; "
        "95 % interval of the difference -239 to -239 ms): improved."
    )
    worse = comparison_sentence(one(before_and_after([12.25] * 6, [12.5] * 7, metric=METRICS["error rate"])))
    assert worse == (
        "Error rate rose from 12.25 % to 12.5 % (median, 6 and 7 samples; "
        "95 % interval of the difference 0.25 to 0.25 %): worse."
    )
    assert comparison_sentence(one(before_and_after([5.0] * 5, [5.0] * 5, metric=Metric("x")))) == (
        "X was 5 before and is 5 after (median, 5 and 5 samples; 95 % interval of the difference 0 to 0): "
        "no difference shown."
    )
    assert comparison_sentence(one(before_and_after([1234.5], []))) == (
        "Response time was 1,234 ms before and not measured after "
        "(median, 1 and 0 samples; at least 5 of each are needed): too few samples."
    )


@pytest.mark.parametrize("text", NASTY)
def test_sentences_and_warnings_are_safe_to_show(text: str) -> None:
    metric = Metric(text, text)
    samples = [
        *taken(Phase.BEFORE, [1.0] * 9, metric=metric, command=text, host=text),
        *taken(Phase.AFTER, range(9), metric=metric, command=text + "x", host=text + "x"),
        *taken(Phase.AFTER, [1.0], metric=Metric(text, text + "x")),
    ]
    for comparison in compare(samples):
        assert all(map(is_line_safe, (comparison_sentence(comparison), *comparison.warnings)))


values = st.lists(st.integers(-1000, 1000).map(float), min_size=MIN_SAMPLES, max_size=9)


@settings(max_examples=25)
@given(values, values)
def test_swapping_before_and_after_mirrors_the_verdict(before: list[float], after: list[float]) -> None:
    there, back = one(before_and_after(before, after)), one(before_and_after(after, before))
    assert there.interval is not None
    assert back.interval == (-there.interval[1], -there.interval[0])
    mirrored = {Movement.IMPROVED: Movement.WORSE, Movement.WORSE: Movement.IMPROVED}
    assert back.movement is mirrored.get(there.movement, there.movement)


@settings(max_examples=25)
@given(values, values, st.integers(-500, 500), st.sampled_from([0.5, 4]))
def test_shifting_and_scaling_changes_no_verdict(
    before: list[float], after: list[float], shift: int, scale: float
) -> None:
    def moved(numbers: list[float]) -> list[float]:
        return [number * scale + shift for number in numbers]

    plain, other = one(before_and_after(before, after)), one(before_and_after(moved(before), moved(after)))
    assert other.movement is plain.movement
    assert plain.interval is not None
    assert other.interval == (plain.interval[0] * scale, plain.interval[1] * scale)


def test_ten_thousand_samples_stay_quick() -> None:
    samples = before_and_after(SLOW * 500, FAST * 500)
    started = time.process_time()
    assert one(samples).movement is Movement.IMPROVED
    assert time.process_time() - started < 2
