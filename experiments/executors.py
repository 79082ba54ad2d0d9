"""Where jobs run: here, or in a pool of processes that is never given more than it can chew."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from typing import Any, TypeVar

from experiments.runs import run

WINDOW = 4
"""Jobs waiting or running per worker; more would only fill memory."""


Task = TypeVar("Task")


def workers_at_hand() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_all(tasks: Iterable[Task], workers: int, how: Callable[[Any], Any] = run) -> Iterator[tuple[Task, Any]]:
    """Run tasks and yield each with its result as it is done, in any order.

    The first runs here: compiled kernels then lie on disk before workers ask for them. Closing the iterator (or an error in
    a task, which is raised) cancels what has not begun.

    Args:
        how: makes the result of a task; a function of a module, so that other processes find it.
    """
    queue = iter(tasks)
    for task in islice(queue, 1):
        yield task, how(task)
    if workers > 1:
        yield from _run_in_pool(queue, workers, how)
    else:
        yield from ((task, how(task)) for task in queue)


def _run_in_pool(queue: Iterator[Task], workers: int, how: Callable[[Any], Any]) -> Iterator[tuple[Task, Any]]:
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_belong_to_parent)
    running: dict[Future[Any], Task] = {}
    try:
        while True:
            running |= {pool.submit(how, task): task for task in islice(queue, max(0, WINDOW * workers - len(running)))}
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _belong_to_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it however it ends: a worker whose parent was killed would wait for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
