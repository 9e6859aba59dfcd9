"""What every `IndexQueue` promises."""

from __future__ import annotations

from kbtui.core.index_document import document_key
from kbtui.core.ports import IndexQueue, PostStore
from tests.factories import NOON, a_post


def save(store: PostStore, *titles: str) -> list[int]:
    return [saved.id for saved in store.save([a_post(title=t) for t in titles], NOON)]


def keys(*ids: int) -> list[int]:
    return [document_key(post_id) for post_id in ids]


def test_an_empty_library_has_nothing_to_index(queue: IndexQueue) -> None:
    assert (queue.pending(), queue.newest(), queue.drained_to(), queue.generation()) == (0, 0, 0, 0)
    assert queue.next_batch(5) == ([], 0)


def test_batches_are_in_order_and_name_a_post_once(store: PostStore, queue: IndexQueue) -> None:
    one, two, three = save(store, "one", "two", "three")
    store.save([a_post(title="one", body="changed")], NOON)
    assert queue.pending() == queue.newest() == 4
    assert queue.next_batch(2) == (keys(one, two), 2)
    assert queue.next_batch(9) == (keys(one, two, three), 4)


def test_draining_deletes_up_to_a_number_and_never_goes_back(store: PostStore, queue: IndexQueue) -> None:
    save(store, "one", "two", "three")
    queue.drained(2)
    assert (queue.pending(), queue.drained_to(), queue.newest()) == (1, 2, 3)
    queue.drained(1)
    assert (queue.pending(), queue.drained_to()) == (1, 2)
    queue.drained(3)
    assert (queue.pending(), queue.newest(), queue.next_batch(5)) == (0, 3, ([], 0))
    save(store, "four")
    assert queue.newest() == 4


def test_switching_names_the_generation_and_what_it_holds(store: PostStore, queue: IndexQueue) -> None:
    save(store, "one", "two", "three")
    queue.switch_to(7, 2)
    assert (queue.generation(), queue.drained_to(), queue.pending()) == (7, 2, 1)
