"""The HTTP server: started by `serve`, drained when it is told to stop, deaf to no signal but the entry point's."""

import asyncio
import contextlib
import errno
import signal
from collections.abc import Callable, Generator
from typing import Any

import uvicorn

from node.settings import Settings
from web.guarded import GuardedConfig, Limits


class CannotListen(Exception):
    """The address is taken or not ours, or the application refused to start."""


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the entry point owns the signals."""

    def __init__(self, config: GuardedConfig, started: Callable[[str, int], None]) -> None:
        super().__init__(config)
        self._tell = started

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave the signals alone."""
        yield

    async def startup(self, sockets: Any = None) -> None:
        """Start, then tell the address."""
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        self._tell(host, port)


def limits_of(settings: Settings) -> Limits:
    """Return the limits that the operator chose."""
    return Limits(
        connections=settings.connections,
        connections_per_address=settings.connections_per_address,
        drain_seconds=settings.drain_seconds,
    )


async def serve(
    app: Any,
    settings: Settings,
    stop: asyncio.Event,
    *,
    limits: Limits | None = None,
    started: Callable[[str, int], None] = lambda host, port: None,
) -> None:
    """Serve `app` until `stop` is set, then finish running requests and return.

    Args:
        app: the ASGI application of `web.app.create_app`.
        settings: where to listen (port 0 takes a free one), whom to trust, how many to let in.
        stop: set by a signal handler, see `stop_on_signals`.
        limits: other bounds than the usual ones.
        started: called once with the address and port that are listened on.

    Raises:
        CannotListen: the address can't be bound or the application did not start; the log says why.
    """
    config = GuardedConfig(app, limits or limits_of(settings), settings.trusted_proxies)
    config.host, config.port = settings.listen.host, settings.listen.port
    server = _Server(config, started)
    watcher = asyncio.get_running_loop().create_task(_exit_when(stop, server))
    try:
        await server.serve()
    except SystemExit as failure:  # uvicorn's way to say that it could not start
        raise CannotListen(_why_not(settings, failure)) from failure
    finally:
        watcher.cancel()


def _why_not(settings: Settings, failure: SystemExit) -> str:
    """Say what keeps us from listening and, where the port is taken, how to mend it."""
    cause = failure.__context__
    if isinstance(cause, OSError) and cause.errno == errno.EADDRINUSE:
        return (
            f"{settings.listen} is in use by another program. Stop that program, or choose another port: set "
            "TALANOA_LISTEN (for example 127.0.0.1:9000), or start with `make run RUN_PORT=9000`."
        )
    return f"cannot serve on {settings.listen}; the log says why"


async def _exit_when(stop: asyncio.Event, server: uvicorn.Server) -> None:
    await stop.wait()
    server.should_exit = True


def stop_on_signals(stop: asyncio.Event) -> None:
    """Let SIGTERM and Ctrl-C set `stop`; a second Ctrl-C ends the process at once."""
    loop = asyncio.get_running_loop()

    def ask() -> None:
        stop.set()
        loop.remove_signal_handler(signal.SIGINT)

    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, ask)
