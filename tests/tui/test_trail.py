"""The way back and forward."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbtui.tui.trail import LONGEST, Stop, Trail

STOPS = st.builds(Stop, st.sampled_from("abc"), st.floats(0, 1))


@given(st.lists(STOPS, min_size=1, max_size=8))
def test_back_goes_the_same_way_and_forward_again(stops: list[Stop]) -> None:
    *passed, here = stops
    trail = Trail()
    for stop in passed:
        trail = trail.onward(stop)
    whole = trail
    for expected in reversed(passed):
        step = trail.back(here)
        assert step is not None
        here, trail = step
        assert here == expected
    assert trail.back(here) is None
    for expected in stops[1:]:
        step = trail.forward(here)
        assert step is not None
        here, trail = step
        assert here == expected
    assert trail == whole
    assert trail.forward(here) is None


def test_what_was_ahead_is_gone_once_one_goes_elsewhere() -> None:
    a, b, c = (Stop(slug, 0.0) for slug in "abc")
    step = Trail().onward(a).back(b)
    assert step is not None
    assert step[1].onward(c).forward(a) is None


def test_the_trail_does_not_grow_for_ever() -> None:
    trail = Trail()
    for number in range(LONGEST + 5):
        trail = trail.onward(Stop(str(number), 0.0))
    assert len(trail.behind) == LONGEST
    assert trail.behind[-1].slug == str(LONGEST + 4)


def test_a_post_that_is_gone_is_on_no_way() -> None:
    a, b, c = (Stop(slug, 0.5) for slug in "abc")
    step = Trail().onward(a).onward(b).back(c)
    assert step is not None
    trail = step[1].without("a").without("c")
    assert trail.back(b) is None and trail.forward(b) is None
