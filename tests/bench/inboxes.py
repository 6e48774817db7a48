"""What comes in: accepted (committed and answered), and accepted and applied."""

import time

from tests.bench.figures import Calibration, Figure
from tests.bench.ground import WAITING, Ground
from tests.bench.load import Answers, Run, driven_apart
from tests.bench.processes import Running

LIKELY_A_SECOND = 1000
"""So many signed requests are made for each second of a run; fewer or more are accepted in it."""
MANY, FEW = 32, 4
WARM_UP = 100
APPLIED = "SELECT count(*) FROM received_activity WHERE state = 'done'"
ROWS_APPLIED = 6
"""Received, post, mention, hashtag or notification, search entry, its index."""


def accepted(ground: Ground, found: Calibration, *, seconds: float) -> list[Figure]:
    """Measure `talanoa web` alone: nothing is applied meanwhile."""
    figures = []
    limit = 1 / found.seconds("bare_post", "rsa_verify", "row")
    with ground.node("web") as node:
        _send(ground, node, WARM_UP, MANY)
        for connections in (MANY, FEW):
            share = 1.0 if connections == MANY else 0.4
            answers, cpu = _send(ground, node, int(seconds * LIKELY_A_SECOND * share), connections)
            figures.append(
                Figure(
                    name=f"inbox: accepted, {connections} connections",
                    value=answers.statuses[202] / answers.seconds,
                    cpu_ms=cpu / max(answers.statuses[202], 1) * 1000,
                    p50_ms=answers.wait_ms(0.5),
                    p99_ms=answers.wait_ms(0.99),
                    limit=limit,
                    limit_is="bare POST + verify + row",
                    note=_others(answers),
                )
            )
    return figures


def applied(ground: Ground, found: Calibration, *, seconds: float) -> list[Figure]:
    """Measure `talanoa run`: from the first POST until the last activity is applied, and the memory it took."""
    with ground.node("run") as node:
        _send(ground, node, WARM_UP, MANY)
        ground.wait_for_none(WAITING)
        before, memory, cpu, began = ground.count(APPLIED), node.memory, node.cpu, time.time()
        answers, _ = _send(ground, node, int(seconds * LIKELY_A_SECOND / 2), MANY)
        ended = ground.wait_for_none(WAITING)
        done = ground.count(APPLIED) - before
        used = node.cpu - cpu
        grown = node.memory - memory
    limit = 1 / (found.seconds("bare_post", "rsa_verify") + ROWS_APPLIED * found.seconds("row"))
    all_in = Figure(
        name="inbox: accepted and applied",
        value=done / (ended - began),
        cpu_ms=used / max(done, 1) * 1000,
        limit=limit,
        limit_is=f"bare POST + verify + {ROWS_APPLIED} rows",
        note=f"{done} applied; {_others(answers)}".strip("; "),
    )
    growth = Figure(name=f"size: growth after {done} activities", value=grown, unit="MiB")
    return [all_in, _drained(ground, found, seconds=seconds), growth]


def _drained(ground: Ground, found: Calibration, *, seconds: float) -> Figure:
    """Let things wait, then measure the worker of a `talanoa run` to which nobody sends."""
    with ground.node("web") as node:
        _send(ground, node, int(seconds * LIKELY_A_SECOND / 2), MANY)
    with ground.node("run") as node:
        waiting, cpu, began = ground.count(WAITING), node.cpu, time.time()
        seconds_taken = ground.wait_for_none(WAITING) - began
        used = node.cpu - cpu
    return Figure(
        name="inbox: applied by the worker alone",
        value=waiting / seconds_taken,
        cpu_ms=used / max(waiting, 1) * 1000,
        limit=1 / (ROWS_APPLIED * found.seconds("row")),
        limit_is=f"{ROWS_APPLIED} rows",
        note=f"{waiting} waited",
    )


def _send(ground: Ground, node: Running, number: int, connections: int) -> tuple[Answers, float]:
    requests = ground.requests(max(number, WARM_UP))
    before = node.cpu
    answers = driven_apart(Run(ground.port, requests, connections))
    return answers, node.cpu - before


def _others(answers: Answers) -> str:
    others = {status: number for status, number in answers.statuses.items() if status != 202}
    return f"other answers: {others}" if others else ""
