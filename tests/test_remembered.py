import threading

import pytest

from commitments.remembered import Memory, revision_now


def test_works_out_a_value_once_for_a_revision():
    memory, made = Memory(most=3), []

    def get(revision, key):
        return memory.get(revision, key, lambda: made.append(key) or len(made))

    assert [get(1, "a"), get(1, "a"), get(1, "b")] == [1, 1, 2]
    # A later revision leaves everything behind; so does an earlier one, as after a restore.
    assert [get(2, "a"), get(2, "a"), get(1, "a"), get(1, "b")] == [3, 3, 4, 5]


def test_remembers_nothing_of_no_revision():
    memory = Memory(most=3)
    assert [memory.get(None, "a", lambda each=each: each) for each in (1, 2)] == [1, 2]
    assert memory.get(1, "a", lambda: 3) == 3


def test_forgets_what_was_longest_not_asked_for():
    memory, made = Memory(most=2), []
    for key in "abacab":
        memory.get(1, key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b"]


def test_does_not_remember_a_failure():
    memory = Memory(most=2)
    with pytest.raises(ZeroDivisionError):
        memory.get(1, "a", lambda: 1 // 0)
    assert memory.get(1, "a", lambda: 2) == 2


def test_gets_many_with_one_asking_for_what_is_missing():
    memory, asked = Memory(most=9), []

    def make(keys):
        asked.append(keys)
        return {key: key.upper() for key in keys if key != "x"}

    assert memory.get_many(1, ["b", "a"], make) == ["B", "A"]
    assert memory.get_many(1, ["a", "x", "c", "b"], make) == ["A", "C", "B"]
    assert memory.get_many(None, ["a"], make) == ["A"]
    assert memory.get_many(2, ["a"], make) == ["A"]
    assert asked == [["b", "a"], ["x", "c"], ["a"], ["a"]]


def test_many_more_than_it_holds_are_all_given():
    memory = Memory(most=2)
    keys = list(range(10))
    assert memory.get_many(1, keys, lambda missing: {key: -key for key in missing}) == [
        -key for key in keys
    ]


def test_threads_that_ask_at_once_wait_for_the_first():
    memory, made, is_begun, may_end = Memory(most=2), [], threading.Event(), threading.Event()

    def make():
        is_begun.set()
        may_end.wait(10)
        made.append(1)
        return "made"

    found = []
    threads = [
        threading.Thread(target=lambda: found.append(memory.get(1, "a", make)))
        for _each in range(5)
    ]
    threads[0].start()
    is_begun.wait(10)
    for each in threads[1:]:
        each.start()
    may_end.set()
    for each in threads:
        each.join()
    assert (found, made) == (["made"] * 5, [1])


def test_whoever_waited_for_a_failure_tries_again():
    memory, is_begun, may_end = Memory(most=2), threading.Event(), threading.Event()

    def fail():
        is_begun.set()
        may_end.wait(10)
        raise ZeroDivisionError

    failed = []

    def first():
        with pytest.raises(ZeroDivisionError):
            memory.get(1, "a", fail)
        failed.append(True)

    one, found = threading.Thread(target=first), []
    one.start()
    is_begun.wait(10)
    other = threading.Thread(target=lambda: found.append(memory.get(1, "a", lambda: "made")))
    other.start()
    may_end.set()
    one.join()
    other.join()
    assert (failed, found) == ([True], ["made"])


@pytest.mark.django_db
def test_inside_a_transaction_there_is_no_revision():
    assert revision_now() is None


@pytest.mark.django_db(transaction=True)
def test_outside_it_is_the_registers():
    assert revision_now() >= 0
