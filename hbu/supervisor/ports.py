"""Ports of the embedded set-up."""

import errno
import os
import socket
from collections.abc import Collection, Mapping

from hbu.lib.errors import DomainError

TRIES = 100


def choose(
    variable: str, default: int, *, environment: Mapping[str, str], taken: Collection[int] = ()
) -> int:
    """Return the port that `variable` names, or else the first free one from `default` on.

    Somebody who named a port counts on it: if that one cannot be had, say so and take no other.
    """
    if environment.get(variable):
        return _named(variable, default, taken)
    for port in range(default, default + TRIES):
        if port not in taken and not trouble(port):
            return port
    raise DomainError("no_port", f"No free port from {default} on; set {variable}.")


def _named(variable: str, port: int, taken: Collection[int]) -> int:
    reason = "another part of this set-up has it" if port in taken else trouble(port)
    if reason:
        raise DomainError("port_unavailable", f"{variable}={port} cannot be used: {reason}.")
    return port


def trouble(port: int) -> str:
    """Return why nobody could listen on this port of `localhost`, or "".

    A client that says `localhost` may try ::1 first, so a stranger there counts too.
    """
    return _refusal(socket.AF_INET, "127.0.0.1", port) or _refusal(socket.AF_INET6, "::1", port)


def _refusal(family: socket.AddressFamily, host: str, port: int) -> str:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As servers do: connections of the last run that still linger are no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OverflowError:
        return "no such port"
    except OSError as error:
        without_ipv6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
        return "" if error.errno in without_ipv6 else os.strerror(error.errno or errno.EIO)
    return ""
