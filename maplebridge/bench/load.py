"""Many connections asking one thing for some seconds."""

import http.client
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import psutil

# A request is method, path, headers and body; made anew for each call from a running number.
Request = tuple[str, str, dict[str, str], bytes | None]
Maker = Callable[[int], Request]


@dataclass
class Measured:
    """What came of it: calls per second, milliseconds of the median and the 95th of a hundred,
    processor milliseconds of the server and of the database for each call, and refusals."""

    calls: int
    per_second: float
    p50_ms: float
    p95_ms: float
    server_cpu_ms: float
    database_cpu_ms: float
    refused: int


@dataclass
class _Tally:
    times: list[float] = field(default_factory=list)
    refused: int = 0


def ask(
    port: int, make: Maker, *, connections: int, seconds: float, server: int, database: int
) -> Measured:
    """Ask `make(n)` over so many connections; `server` and `database` are their process ids."""
    tallies = [_Tally() for _ in range(connections)]
    numbers = iter(range(10**9))
    lock = threading.Lock()
    stop = time.perf_counter() + seconds

    def work(tally: _Tally) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < stop:
            with lock:
                request = make(next(numbers))
            begun = time.perf_counter()
            line.request(request[0], request[1], body=request[3], headers=request[2])
            answer = line.getresponse()
            answer.read()
            tally.times.append(time.perf_counter() - begun)
            tally.refused += answer.status >= 400

    threads = [threading.Thread(target=work, args=[t]) for t in tallies]
    before, begun = (cpu(server), cpu(database)), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken, after = time.perf_counter() - begun, (cpu(server), cpu(database))
    times = sorted(t for tally in tallies for t in tally.times)
    calls = len(times)
    return Measured(
        calls,
        calls / taken,
        1000 * times[calls // 2],
        1000 * times[min(calls - 1, calls * 95 // 100)],
        1000 * (after[0] - before[0]) / calls,
        1000 * (after[1] - before[1]) / calls,
        sum(t.refused for t in tallies),
    )


def cpu(pid: int) -> float:
    """Processor seconds used so far by a process and those below it."""
    whole = psutil.Process(pid)
    return sum(_seconds([whole, *whole.children(recursive=True)]))


def _seconds(processes: Iterable[psutil.Process]) -> Iterable[float]:
    for process in processes:
        try:
            used = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        yield used.user + used.system
