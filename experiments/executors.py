"""Where tasks run: in this process, in a pool of processes, in any executor given by hand, or on the machines of a Dask scheduler.

A place opens a `concurrent.futures.Executor`, as often as one breaks. How tasks go there and what happens to them when workers die
is the work of `driver`.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol


class PlaceError(RuntimeError):
    """Nothing can be run here (any more); the message says why and what to do."""


class Place(Protocol):
    """Somewhere to run. Implement these; nothing else is called.

    Attributes:
        target: seconds that one submission should take; short tasks are handed over together until they take about as long.
    """

    target: float

    @property
    def workers(self) -> int:
        """Tasks that can run at once; asked again as a sweep goes on."""

    def open(self) -> Executor:
        """An executor that takes tasks; called again after one broke."""

    def close(self, executor: Executor) -> None:
        """End in order; nothing is running."""

    def stop(self, executor: Executor) -> None:
        """End at once, whatever is running."""

    def restart(self, executor: Executor) -> None:
        """Get rid of workers that hang; the executor is not used again."""


def workers_at_hand() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Processes:
    """A pool of processes on this machine, each begun afresh (spawned), that end with this process however it ends."""

    target = 0.05

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or workers_at_hand()

    def open(self) -> Executor:
        """A pool whose processes leave Ctrl-C to this one."""
        return _Pool(self.workers, mp_context=multiprocessing.get_context("spawn"), initializer=_belong_to_parent)

    def close(self, executor: Executor) -> None:
        """End in order."""
        executor.shutdown(wait=True, cancel_futures=True)

    def stop(self, executor: Executor) -> None:
        """Kill the processes and wait until they are gone."""
        for process in list((getattr(executor, "_processes", None) or {}).values()):
            process.kill()
        executor.shutdown(wait=True, cancel_futures=True)

    restart = stop


class _Pool(ProcessPoolExecutor):
    """A process pool whose processes never see Ctrl-C, not even while they begin."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        with _without_interrupts():  # processes begin with the first submission, and inherit what is blocked
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back meanwhile; one that comes is delivered at the end."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class ByHand:
    """Any executor: `ByHand(lambda: ThreadPoolExecutor(4), workers=4)`, loky, mpi4py.futures.

    Args:
        make: makes an executor; called again after one broke.
        workers: tasks that it can run at once.
    """

    target = 0.05

    def __init__(self, make: Callable[[], Executor], workers: int) -> None:
        self._make, self.workers = make, workers

    def open(self) -> Executor:
        """An executor as it comes."""
        return self._make()

    def close(self, executor: Executor) -> None:
        """End in order."""
        executor.shutdown(wait=True)

    def stop(self, executor: Executor) -> None:
        """Take no more; what is running is not waited for, and killed where the executor has processes of the usual kind."""
        for process in list((getattr(executor, "_processes", None) or {}).values()):
            process.kill()
        executor.shutdown(wait=False, cancel_futures=True)

    restart = stop


class Dask:
    """The workers of a Dask scheduler, on any number of machines that have learnweave installed.

    Args:
        scheduler: its address, tcp://HOST:PORT.
        patience: seconds to wait for the scheduler and its first worker.
    """

    target = 2.0  # handing over one submission takes the client about 3 ms

    def __init__(self, scheduler: str, patience: float = 60.0) -> None:
        self._scheduler, self._patience, self._client = scheduler, patience, _client_class()
        self._asked, self._threads = -math.inf, 1

    @property
    def workers(self) -> int:
        """Threads of all workers that are there, asked every few seconds: they come and go."""
        if time.monotonic() - self._asked > 5.0:
            self._asked, self._threads = time.monotonic(), max(1, int(sum(self._connected.nthreads().values())))
        return self._threads

    def open(self) -> Executor:
        """Connect, and wait for a first worker.

        Raises:
            PlaceError: where no scheduler answers, or it has no workers.
        """
        try:
            self._connected = self._client(self._scheduler, timeout=self._patience, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise PlaceError(f"{self._scheduler}: no Dask scheduler answers there ({error})") from error
        try:
            self._connected.wait_for_workers(1, timeout=self._patience)
        except TimeoutError:
            self._connected.close()
            raise PlaceError(f"{self._scheduler}: the scheduler has no workers; start some with `dask worker {self._scheduler}`") from None
        executor: Executor = self._connected.get_executor(pure=False)
        return executor

    def close(self, executor: Executor) -> None:
        """Disconnect; scheduler and workers go on."""
        executor.shutdown(wait=True)
        self._connected.close()

    def stop(self, executor: Executor) -> None:
        """Cancel what waits and disconnect; what a worker has begun it finishes, for nobody."""
        executor.shutdown(wait=False)
        self._connected.close()

    def restart(self, executor: Executor) -> None:
        """Have the scheduler restart its workers."""
        executor.shutdown(wait=False)
        try:
            self._connected.restart(timeout=self._patience, wait_for_workers=False)
        finally:
            self._connected.close()


def _client_class() -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise PlaceError("sweeps on more than one machine need Dask: install learnweave with the extra `cluster`") from error
    return Client


class Interrupts:
    """Ctrl-C asks to stop in order, a second one stops at once; use it in a ``with`` block, in the main thread or it does nothing.

    Args:
        tell: called at the first.
    """

    _asked = False

    def __init__(self, tell: Callable[[], None] = lambda: None) -> None:
        self._tell = tell

    def __enter__(self) -> Interrupts:
        self._usual = None
        if threading.current_thread() is threading.main_thread():
            self._usual = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        if self._usual is not None:
            signal.signal(signal.SIGINT, self._usual)

    def asked(self) -> bool:
        """Whether somebody asked to stop."""
        return self._asked

    def _interrupt(self, *_: object) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
        self._tell()


def _belong_to_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it however it ends: a worker whose parent was killed would wait for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
