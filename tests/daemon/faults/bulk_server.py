# SPDX-License-Identifier: Apache-2.0
"""Elasticsearch as far as `_bulk` goes, strict about what it is sent, and with the faults of a server, a network and a proxy."""
import gzip
import json
import re
import socket
import struct
import threading
import time

REJECTED = "es_rejected_execution_exception"
POISON = "document_parsing_exception"
STALL_SECONDS = 20  # longer than the sink's timeout


class BulkServer:
    """Answers each request by the next of `faults`, a function of the request's number that gives a name below or None. What it
    has stored stays when it is stopped and started again, as its port does."""

    def __init__(self):
        self.lock = threading.Lock()
        self.documents = {}    # id -> serial
        self.order = []        # serials as they were stored
        self.poison = set()    # serials that are refused
        self.problems = []
        self.requests = 0
        self.seen_faults = {}
        self.partial = 0       # items answered 429 or 503 so far
        self.faults = lambda number: None
        self.port = 0
        self.listener = None

    def start(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def stop(self):
        # Wakes accept() too, which close() alone does not.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                data = b""
                while True:
                    while b"\r\n\r\n" not in data:
                        piece = connection.recv(1 << 16)
                        if not piece:
                            return
                        data += piece
                    head, data = data.split(b"\r\n\r\n", 1)
                    length = int(re.search(rb"(?i)^content-length: (\d+)", head, re.M)[1])
                    with self.lock:
                        self.requests += 1
                        fault = self.faults(self.requests)
                        self.seen_faults[fault] = self.seen_faults.get(fault, 0) + 1
                    if fault == "reset in mid-batch":
                        return reset(connection)
                    if b"100-continue" in head.lower():
                        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                    while len(data) < length:
                        piece = connection.recv(1 << 16)
                        if not piece:
                            return
                        data += piece
                    body, data = data[:length], data[length:]
                    if not self.answer(connection, head, body, fault):
                        return
            except OSError:
                return

    def answer(self, connection, head, body, fault):
        """False: the connection is done with."""
        if fault == "half-open":
            time.sleep(STALL_SECONDS)
            return False
        if fault == "429":
            connection.sendall(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")
            return True
        if fault == "a login page":
            page = b"<html>Who are you?</html>"
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page))
            return True
        reply = self.take(head, body, fault == "partial failure")
        whole = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(reply), reply)
        if fault == "cut reply":
            connection.sendall(whole[:len(whole) // 2])
            reset(connection)
            return False
        connection.sendall(whole)
        return True

    def take(self, head, body, is_partial):
        with self.lock:
            self.wants(head.startswith(b"POST /_bulk"), "path", head[:80])
            self.wants(b"application/x-ndjson" in head, "content type", head)
            text = gzip.decompress(body) if b"Content-Encoding: gzip" in head else body
            self.wants(text.endswith(b"\n"), "the last byte is no LF", text[-20:])
            lines = text.split(b"\n")[:-1]
            self.wants(len(lines) % 2 == 0, "an odd number of lines", len(lines))
            items = []
            for action, document in zip(lines[::2], lines[1::2]):
                create, event = json.loads(action)["create"], json.loads(document)
                status, error = self.take_one(create["_id"], event, is_partial and len(items) % 3 == 1)
                items.append({"create": {"status": status} | ({"error": {"type": error, "reason": "test"}} if error else {})})
            return json.dumps({"took": 1, "errors": any(i["create"]["status"] >= 300 for i in items), "items": items}).encode()

    def take_one(self, identity, event, is_busy):
        serial = event["serial"]
        self.wants(event.get("@timestamp") == event["time"], "time", event)
        if serial in self.poison:
            return 400, POISON
        if is_busy:
            self.partial += 1
            return (429 if self.partial % 2 else 503), REJECTED
        if identity in self.documents:
            self.wants(self.documents[identity] == serial, "two events with one id", identity)
            return 409, "version_conflict_engine_exception"
        self.documents[identity] = serial
        self.order.append(serial)
        return 201, None

    def wants(self, holds, what, value):
        if not holds:
            self.problems.append(f"{what}: {value!r}")

    def stored(self):
        with self.lock:
            return len(self.order)


def reset(connection):
    """RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
