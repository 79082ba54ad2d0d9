"""What happens to tasks when workers die: a made-up executor does exactly what each test says, so that nothing depends on time."""

import multiprocessing
import os
import signal
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import click
import pytest

from experiments import driver
from experiments.commands.errors import told
from experiments.driver import TaskLostError, run_all
from experiments.executors import ByHand, Interrupts, PlaceError, Processes, _without_interrupts


def double(task):
    return 2 * task


def kill_at_seven(task):
    if task == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * task


def hears_interrupts(task):
    return signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ()) and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def fail_at_three(task):
    if task == 3:
        raise ValueError("three")
    return task


class Scripted:
    """A place whose executors break whenever one of `deadly` is among their tasks, and count what is asked of them."""

    target = 0.0

    def __init__(self, workers=2, deadly=(), deaths=10**9, silent=()):
        self.workers, self.deadly, self.deaths, self.silent = workers, set(deadly), deaths, set(silent)
        self.opened = self.stopped = self.closed = self.restarted = self.most_out = 0
        self.alone = []

    def open(self):
        self.opened += 1
        return _ScriptedExecutor(self)

    def close(self, executor):
        self.closed += 1

    def stop(self, executor):
        self.stopped += 1

    def restart(self, executor):
        self.restarted += 1


class _ScriptedExecutor(Executor):
    """Runs nothing until a second submission, or a wait, asks for it: as a pool does, later and all at once."""

    def __init__(self, place):
        self.place, self.out = place, []

    def submit(self, fn, how, tasks):
        future = _Lazy(self)
        self.out.append((future, fn, how, tasks))
        self.place.most_out = max(self.place.most_out, len(self.out))
        return future

    def work(self):
        place, out = self.place, self.out
        self.out = []
        if len(out) == 1:
            place.alone.append(tuple(out[0][3]))
        dying = [tasks for _, _, _, tasks in out if place.deadly & set(tasks)]
        if dying and place.deaths > 0:
            place.deaths -= 1
            for future, *_ in out:
                future.set_exception(BrokenProcessPool("a process ended"))
            return
        for future, fn, how, tasks in out:
            if not place.silent & set(tasks):
                future.set_result(fn(how, tasks))
            place.silent -= set(tasks)


class _Lazy(Future):
    def __init__(self, executor):
        super().__init__()
        self.executor = executor


@pytest.fixture(autouse=True)
def lazy_wait(monkeypatch):
    """`wait` lets scripted executors work, and then looks as the real one does."""
    real = driver.wait

    def wait(futures, timeout=None, return_when=None):
        for executor in {future.executor for future in futures if isinstance(future, _Lazy)}:
            executor.work()
        short = 0.0 if any(isinstance(future, _Lazy) for future in futures) else timeout
        return real(futures, timeout=short, return_when=return_when)

    monkeypatch.setattr(driver, "wait", wait)


def results(*arguments, **named):
    return sorted(run_all(*arguments, **named))


def test_every_task_comes_back_once_with_its_result():
    place = Scripted()
    assert results(range(50), place, double) == [(task, 2 * task) for task in range(50)]
    assert (place.opened, place.closed, place.stopped) == (1, 1, 0)


@pytest.mark.parametrize(("workers", "window"), [(1, 4), (3, 12), (20, 64), (40, 80)])
def test_only_a_window_of_tasks_is_out_and_the_first_goes_alone(workers, window):
    place, taken = Scripted(workers), []

    def tasks():
        for task in range(500):
            taken.append(task)
            yield task

    for number, _ in enumerate(run_all(tasks(), place, double), 1):
        assert len(taken) <= number + window
    assert place.most_out == window
    assert place.alone[0] == (0,)


def test_short_tasks_are_handed_over_together():
    place = Scripted()
    place.target = 10.0
    assert len(results(range(300), place, double)) == 300
    assert place.opened == 1


def test_a_worker_that_dies_once_costs_nothing_but_time():
    place = Scripted(deadly=[7], deaths=1)
    assert results(range(20), place, double) == [(task, 2 * task) for task in range(20)]
    assert (place.opened, place.stopped) == (2, 1)


def test_a_poison_task_alone_is_given_up_after_three_strikes():
    place = Scripted(deadly=[7])
    found = dict(run_all(range(20), place, double, lost=lambda task, reason: reason))
    assert "3 times: BrokenProcessPool: a process ended" in found.pop(7)
    assert found == {task: 2 * task for task in range(20) if task != 7}
    assert place.alone.count((7,)) == 3, "only when it is alone it is charged"


def test_without_a_result_for_lost_tasks_they_are_an_error():
    with pytest.raises(TaskLostError, match="7: ended the process that ran it, 3 times"):
        results(range(20), Scripted(deadly=[7]), double)


def test_where_nothing_runs_it_ends_and_says_so():
    with pytest.raises(PlaceError, match="nothing seems to run here"):
        results(range(20), Scripted(deadly=range(20)), double, lost=lambda *_: None)


def test_a_task_that_never_answers_is_tried_again():
    place = Scripted(silent=[7])
    assert results(range(20), place, double, patience=0.0) == [(task, 2 * task) for task in range(20)]
    assert place.restarted >= 1


def test_an_error_in_a_task_is_raised_with_where_it_was_and_everything_ends():
    place = Scripted()
    with pytest.raises(ValueError, match="three") as caught:
        results(range(20), place, fail_at_three)
    assert "fail_at_three" in caught.value.__notes__[0]
    assert place.stopped == 1


@pytest.mark.parametrize("where", [1, Scripted()])
def test_asked_to_stop_it_takes_no_new_tasks(where):
    done = []
    for task, _ in run_all(range(100), where, double, stopping=lambda: len(done) >= 10):
        done.append(task)
    assert 10 <= len(done) <= 10 + 8


def test_closing_the_iterator_ends_what_is_running():
    place = Scripted()
    iterator = run_all(range(100), place, double)
    next(iterator)
    iterator.close()
    assert place.stopped == 1


def test_any_executor_will_do():
    place = ByHand(lambda: ThreadPoolExecutor(2), workers=2)
    assert results(range(30), place, double) == [(task, 2 * task) for task in range(30)]


def test_a_real_pool_survives_a_killed_process_and_leaves_none_behind():
    found = dict(run_all(range(12), Processes(1), kill_at_seven, lost=lambda _, reason: reason))
    assert "3 times" in found.pop(7)
    assert found == {task: 2 * task for task in range(12) if task != 7}
    assert not [process for process in multiprocessing.active_children() if "Spawn" in process.name]


def test_processes_never_see_an_interrupt():
    assert [heard for _, heard in run_all(range(3), Processes(1), hears_interrupts)] == [False] * 3


def test_one_interrupt_asks_and_a_second_raises():
    said, before = [], signal.getsignal(signal.SIGINT)
    with Interrupts(lambda: said.append("stopping")) as interrupts:
        assert not interrupts.asked()
        signal.raise_signal(signal.SIGINT)
        assert interrupts.asked() and said == ["stopping"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_while_processes_begin_is_not_lost():
    with Interrupts() as interrupts:
        with _without_interrupts():
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
        assert interrupts.asked()


def test_a_command_tells_what_a_place_says():
    def step():
        raise PlaceError("nobody there")

    with pytest.raises(click.ClickException, match="nobody there"):
        told(step)


def test_a_place_without_dask_or_without_scheduler_says_what_to_do(monkeypatch):
    from experiments import executors

    with pytest.raises(PlaceError, match="no Dask scheduler answers there"):
        executors.Dask("tcp://127.0.0.1:1", patience=0.2).open()
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(PlaceError, match="install learnweave with the extra `cluster`"):
        executors.Dask("tcp://127.0.0.1:1")
