# SPDX-License-Identifier: Apache-2.0
"""Prints the port on which it listens, takes one connection after the other until it has so many lines, and prints their
number and the monotonic time of the last one; or what it has when nothing has come for half a minute. Usage: line_receiver.py LINES"""

import socket
import sys
import time

PATIENCE = 30


def main():
    wanted, count = int(sys.argv[1]), 0
    socket.setdefaulttimeout(PATIENCE)
    buffer, last = bytearray(1 << 20), time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        try:
            while count < wanted:
                connection, _ = server.accept()
                with connection:
                    connection.settimeout(PATIENCE)
                    while count < wanted and (got := connection.recv_into(buffer)):
                        count += buffer.count(b"\n", 0, got)
                        last = time.monotonic()
                    if count >= wanted:
                        print(count, time.monotonic(), flush=True)
                        while connection.recv_into(buffer):
                            pass
        except TimeoutError:
            if count < wanted:
                print(count, last, flush=True)


main()
