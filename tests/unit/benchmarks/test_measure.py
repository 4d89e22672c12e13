"""The harness: what a row of the table says, and whose time and memory it is. No figure is asserted."""

import sys

import pytest

from benchmarks.measure import Run, Target, Work, call, measure, ratio, report, run, tell

RUNS = {"ours": [Run(9.0, 8.0, 30.0), Run(3.0, 6.0, 10.0), Run(4.0, 7.0, 20.0)], "theirs": [Run(2.0, 1.5, 5.0)]}


def test_a_ratio_is_one_of_medians():
    assert ratio(RUNS, Target("ours", "theirs")) == 2
    assert ratio(RUNS, Target("ours", "theirs", of="memory")) == 4


@pytest.mark.parametrize(
    ("target", "met"),
    [
        (Target("ours", "theirs", 2), "yes"),
        (Target("ours", "theirs", 1.9), "no"),
        (Target("ours", "theirs", 4, "least", "memory"), "yes"),
        (Target("ours", "theirs", 4.1, "least", "memory"), "no"),
        (Target("ours", "theirs"), ""),
    ],
)
def test_a_row_says_whether_its_target_is_met(target: Target, met: str):
    assert target.met(ratio(RUNS, target)) == met


def test_the_table_shows_ratio_target_range_cpu_and_memory():
    row = report("Title", RUNS, [Target("ours", "theirs", 15)]).splitlines()[-1]
    told = " ".join(row.split())
    assert told == "ours theirs time 2.00 ≤ 15 yes 4.00 (3.00–9.00) 7.0 20 2.00 (2.00–2.00) 1.5 5"


def test_works_take_turns_and_are_prepared_each_time():
    order: list[str] = []
    works = [Work(name, ["true"], prepare=lambda name=name: order.append(name)) for name in "ab"]
    assert {name: len(runs) for name, runs in measure(works, 2).items()} == {"a": 2, "b": 2}
    assert order == ["a", "b", "a", "b"]


def test_memory_is_that_of_the_work_and_not_of_who_started_it():
    ours = b"x" * 200_000_000
    small = run(Work("small", ["true"]))
    large = run(Work("large", [sys.executable, "-c", "x = b'x' * 100_000_000"]))
    assert small.peak < 50
    assert 90 < large.peak < len(ours) / 2**20


def test_cpu_seconds_are_those_of_everything_the_work_started():
    busy = f"{sys.executable} -c 'while __import__(\"time\").process_time() < 0.3: pass'"
    done = run(Work("busy", ["sh", "-c", f"{busy}; {busy}"]))
    assert 0.6 <= done.cpu < 3


def test_a_function_is_called_with_its_arguments_in_a_process_of_its_own(capfd: pytest.CaptureFixture[str]):
    run(Work("tell", call(tell, "it's said")))
    assert capfd.readouterr().err == ""


def test_a_work_that_fails_ends_the_benchmark_with_what_it_said():
    with pytest.raises(SystemExit, match=r"broken failed \(3\)[\s\S]*no such table"):
        run(Work("broken", [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"]))
