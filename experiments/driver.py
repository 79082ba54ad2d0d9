"""Tasks go to a place, few at a time, and come back with their results, whatever happens to the workers.

1. Only a window of tasks is out: 4 submissions a worker up to 64, beyond that 2 a worker; memory does not grow with their number.
2. The first task of a pool goes alone: compiled code then lies on disk before other processes ask for it.
3. When a worker dies, or nothing comes back for very long, everything that was out is suspect, and is tried again one by one. A task
   that ends its worker three times when it is alone is given up; the others have lost nothing but time.
4. Asked to stop, it takes no new tasks and waits for those that have begun.
"""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from experiments.executors import Place, PlaceError, Processes

WINDOW, ENOUGH, LEAST = 4, 64, 2
"""Submissions that are out per worker, until there are enough in all; but never fewer per worker than the least."""
STRIKES = 3
"""Times a task may end its worker when it is alone."""
MOST_LOST_IN_A_ROW = 5
"""Tasks given up without any other finishing, after which it must be the place and not the tasks."""
MOST_TOGETHER = 100
"""Tasks handed over together at most."""
FIRST_PATIENCE, LEAST_PATIENCE, PATIENCE = 3600.0, 600.0, 20.0
"""Seconds without a result after which workers are taken to hang: before anything has finished, at least, and times the longest task."""

Task = TypeVar("Task")
How = Callable[[Any], Any]


class TaskLostError(PlaceError):
    """A task ended every process that ran it."""


def run_all(
    tasks: Iterable[Task],
    where: int | Place,
    how: How,
    *,
    lost: Callable[[Task, str], Any] | None = None,
    stopping: Callable[[], bool] = lambda: False,
    patience: float | None = None,
) -> Iterator[tuple[Task, Any]]:
    """Run tasks and yield each with its result as it is done, in any order.

    Closing the iterator, or an error in a task (which is raised), ends what is running.

    Args:
        where: a place, or a number of processes on this machine; 1: this process itself.
        how: makes the result of a task; a function of a module, so that other processes find it.
        lost: makes the result of a task that was given up, from the task and the reason.
        stopping: asked often; once true, no new tasks begin.
        patience: seconds without a result after which workers are taken to hang; by default from the longest task so far.

    Raises:
        TaskLostError: where a task was given up and `lost` is not there to say what its result is.
        PlaceError: where nothing runs at all.
    """
    if where == 1:
        for task in tasks:
            if stopping():
                return
            yield task, how(task)
        return
    place = Processes(where) if isinstance(where, int) else where
    yield from _Driver(iter(tasks), place, how, lost, stopping, patience).results()


@dataclass
class _Batch(Generic[Task]):
    """Tasks handed over together; `strikes` counts for one that is tried alone, -1 while nothing is suspected."""

    tasks: list[Task]
    strikes: int = -1


@dataclass
class _Answer:
    """What a worker sends back for one task."""

    result: Any
    error: BaseException | None
    seconds: float


def _work(how: How, tasks: list[Any]) -> list[_Answer]:
    """Runs in the worker: every task of a batch, each with its own error."""
    answers = []
    for task in tasks:
        started = time.perf_counter()
        try:
            result, error = how(task), None
        except (Exception, SystemExit) as raised:  # noqa: BLE001 - raised again in the parent
            raised.add_note(traceback.format_exc())
            result, error = None, raised
        answers.append(_Answer(result, error, time.perf_counter() - started))
    return answers


class _Driver(Generic[Task]):
    """The state of one `run_all`."""

    def __init__(
        self, queue: Iterator[Task], place: Place, how: How, lost: Callable[[Task, str], Any] | None,
        stopping: Callable[[], bool], patience: float | None,
    ) -> None:  # fmt: skip
        self._queue, self._place, self._how, self._lost, self._stopping, self._own_patience = queue, place, how, lost, stopping, patience
        self._executor: Executor | None = None
        self._out: dict[Future[list[_Answer]], _Batch[Task]] = {}
        self._suspects: deque[_Batch[Task]] = deque()
        self._given_up: list[tuple[Task, str]] = []
        self._finished, self._lost_in_a_row = 0, 0
        self._mean = self._longest = 0.0
        self._heard = time.monotonic()

    def results(self) -> Iterator[tuple[Task, Any]]:
        """Tasks with their results."""
        ended = False
        try:
            while self._hand_over():
                yield from self._take_in()
                yield from self._give_up()
            ended = True
        finally:
            if self._executor is not None:
                (self._place.close if ended else self._place.stop)(self._executor)

    def _hand_over(self) -> bool:
        """Fill the window; whether anything is out."""
        if self._stopping():
            self._suspects.clear()
            for future in [future for future in self._out if future.cancel()]:
                del self._out[future]
        elif self._suspects:
            if not self._out:
                self._submit(self._suspects.popleft())
        else:
            room = self._room()
            while len(self._out) < room:
                batch = list(islice(self._queue, self._together()))
                if not batch:
                    break
                self._submit(_Batch(batch))
        return bool(self._out)

    def _room(self) -> int:
        if self._executor is None or not self._finished:
            return 1
        workers = self._place.workers
        return max(min(WINDOW * workers, ENOUGH), LEAST * workers)

    def _together(self) -> int:
        """Tasks in one submission: as many as take the seconds that the place asks for."""
        if not self._finished:
            return 1
        return max(1, min(MOST_TOGETHER, int(self._place.target / max(self._mean, 1e-6))))

    def _submit(self, batch: _Batch[Task]) -> None:
        if not self._out:
            self._heard = time.monotonic()
        if self._executor is None:
            self._executor = self._place.open()
        try:
            future = self._executor.submit(_work, self._how, batch.tasks)
        except (BrokenExecutor, RuntimeError) as error:  # it broke between two looks
            self._suspects.appendleft(batch) if batch.strikes >= 0 else self._blame(batch, error)
            self._everything_out_is_suspect(error, self._place.stop)
            return
        self._out[future] = batch

    def _take_in(self) -> Iterator[tuple[Task, Any]]:
        """Wait a little, and yield what is done."""
        done, _ = wait(self._out, timeout=0.5, return_when=FIRST_COMPLETED)
        if not done and self._out and time.monotonic() - self._heard > self._patience():
            reason = TimeoutError(f"no result for {self._patience():.0f} seconds")
            self._everything_out_is_suspect(reason, self._place.restart)
        broken: BaseException | None = None
        for future in done:
            batch = self._out.pop(future)
            try:
                answers = future.result()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - not of a task (`_work` sends these) but of who ran it
                broken = error if isinstance(error, BrokenExecutor) else broken
                self._blame(batch, error)
                continue
            yield from self._accept(batch, answers)
        if broken is not None:
            self._everything_out_is_suspect(broken, self._place.stop)

    def _accept(self, batch: _Batch[Task], answers: list[_Answer]) -> Iterator[tuple[Task, Any]]:
        self._heard, self._lost_in_a_row = time.monotonic(), 0
        for task, answer in zip(batch.tasks, answers, strict=True):
            if answer.error is not None:
                raise answer.error
            self._finished += 1
            self._longest = max(self._longest, answer.seconds)
            weight = max(0.05, 1 / self._finished)
            if self._finished == 2:  # the first compiled
                weight, self._longest = 1.0, answer.seconds
            self._mean += weight * (answer.seconds - self._mean)
            yield task, answer.result

    def _patience(self) -> float:
        if self._own_patience is not None:
            return self._own_patience
        if not self._finished:
            return FIRST_PATIENCE
        return max(LEAST_PATIENCE, PATIENCE * self._longest * self._together())

    def _blame(self, batch: _Batch[Task], error: BaseException) -> None:
        """What was out when a worker died is suspect; a suspect that was alone gets a strike."""
        if batch.strikes < 0:
            self._suspects.extend(_Batch([task], 0) for task in batch.tasks)
        elif batch.strikes + 1 < STRIKES:
            self._suspects.appendleft(_Batch(batch.tasks, batch.strikes + 1))
        else:
            self._given_up.append((batch.tasks[0], f"ended the process that ran it, {STRIKES} times: {type(error).__name__}: {error}"))

    def _everything_out_is_suspect(self, error: BaseException, how: Callable[[Executor], None]) -> None:
        for batch in self._out.values():
            self._blame(batch, error)
        self._out.clear()
        if self._executor is not None:
            how(self._executor)
            self._executor = None

    def _give_up(self) -> Iterator[tuple[Task, Any]]:
        while self._given_up:
            task, reason = self._given_up.pop()
            self._lost_in_a_row += 1
            if self._lost is None:
                raise TaskLostError(f"{task}: {reason}")
            yield task, self._lost(task, reason)
            if self._lost_in_a_row >= MOST_LOST_IN_A_ROW:
                raise PlaceError(f"{self._lost_in_a_row} tasks in a row {reason}; nothing seems to run here any more")
