"""Checks an address to listen on, before anything slow is done for it.

    python3 script/listen.py HOST:PORT

Prints "HOST PORT NAME": the address to bind, and the host as a browser writes it. What is wrong is
said in one line, with a way out. Standard library only: it runs before anything is installed.
"""

import errno
import re
import socket
import sys

EXAMPLE = "write it as HOST:PORT, for example script/serve 127.0.0.1:8001"


def main(given: str) -> None:
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})", given)
    if not found or not 0 < int(found[2]) < 65536:
        sys.exit(f"script/serve: {given!r} is not an address; {EXAMPLE}.")
    name, port = found[1], int(found[2])
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            name.strip("[]"), port, type=socket.SOCK_STREAM
        )[0]
    except socket.gaierror:
        sys.exit(f"script/serve: there is no host {name!r}; {EXAMPLE}.")
    with socket.socket(family, kind) as trial:
        # As servers do it, or a connection that is just closing would count as a server.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
            trial.listen()
        except PermissionError:
            sys.exit(
                f"script/serve: port {port} is for the system's own services;"
                " choose one above 1023, for example script/serve 127.0.0.1:8001."
            )
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = port + 1 if port < 65535 else 8001
                sys.exit(
                    f"script/serve: port {port} is taken by another program;"
                    f" choose another: script/serve {name}:{other}"
                )
            sys.exit(f"script/serve: cannot listen on {given}: {error.strerror}; {EXAMPLE}.")
    sys.stdout.write(f"{address[0]} {port} {name}\n")


if __name__ == "__main__":
    main(sys.argv[1])
