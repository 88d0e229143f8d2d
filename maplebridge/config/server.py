"""The HTTP server: Granian, at an address that nobody else listens at."""

import os
import socket
from contextlib import nullcontext

import click

from maplebridge.config import ticker


def take_address(host: str, port: int) -> str:
    """Return the IP address of `host` once it is sure that nobody listens there.

    MAPLEBRIDGE_URL becomes its address unless it is set: before the settings are read, for what
    is told to residents is made from it. Granian shares its port between processes, so a second
    server on the same port would start without a word and take half of the visitors. Raises
    ClickException.
    """
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise click.ClickException(
            f"Nothing can listen at {host}:{port} ({why}); choose another --port or --host."
        ) from error
    os.environ.setdefault("MAPLEBRIDGE_URL", _url(str(address[0]), port))
    return str(address[0])


def _url(address: str, port: int) -> str:
    """Where a browser on this machine finds the server."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104  everywhere
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def serve(address: str, port: int, workers: int, *, ticking: bool) -> None:
    """Serve at `address`:`port` with `workers` processes until a signal ends it; `ticking` lets
    time pass beside them."""
    from granian import Granian  # noqa: PLC0415 — --help stays instant
    from granian.constants import Interfaces  # noqa: PLC0415

    click.echo(f"==> Maplebridge is at {_url(address, port)} (Ctrl-C stops it)", err=True)
    granian = Granian(
        "maplebridge.config.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_access=False,
        log_enabled=False,
    )
    with ticker.beside() if ticking else nullcontext():
        granian.serve()
