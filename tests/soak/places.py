# SPDX-License-Identifier: Apache-2.0
"""Where events go beside the log: a server over HTTP that can be out of order, and a disk that can be full."""
import ctypes
import errno
import http.server
import os
import threading


class Collector:
    """Keeps the bodies of requests in a file. `mode`: "ok"; "503"; "break": it hangs up without an answer, every second time
    with the body kept; "away": it hangs up, and from stop() to start() nobody listens at its port."""

    def __init__(self, path):
        self.path, self.mode, self.port, self.requests, self.refused = path, "ok", 0, 0, 0
        self.lock, self.server, self.thread = threading.Lock(), None, None
        self.start()

    def start(self):
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = collector.take(body)
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def take(self, body):
        with self.lock:
            self.requests += 1
            if self.mode == "503":
                self.refused += 1
                return 503
            if self.mode == "ok" or (self.mode == "break" and self.requests % 2):
                with open(self.path, "ab") as file:
                    file.write(body)
            if self.mode == "ok":
                return 200
            self.refused += 1
            return None


class SmallDisk:
    """A file system that only this process and its children see, and that goes with them."""

    def __init__(self, path, size):
        self.path, self.ballast = path, os.path.join(path, "ballast")
        os.mkdir(path, 0o700)
        libc = ctypes.CDLL(None, use_errno=True)
        new_namespace, private, recursive = 0x20000, 1 << 18, 1 << 14  # CLONE_NEWNS, MS_PRIVATE, MS_REC
        options = f"size={size},mode=0700".encode()
        if (libc.unshare(new_namespace) or libc.mount(b"none", b"/", None, recursive | private, None)
                or libc.mount(b"naudit-soak", path.encode(), b"tmpfs", 0, options)):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)

    def fill(self):
        with open(self.ballast, "ab") as file:
            for piece in (1 << 20, 1 << 12):
                while True:
                    try:
                        os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, piece)
                    except OSError as error:
                        if error.errno != errno.ENOSPC:
                            raise
                        break

    def empty(self):
        os.remove(self.ballast)
