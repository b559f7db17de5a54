# SPDX-License-Identifier: Apache-2.0
"""Who takes what sinks deliver: nginx, a Kafka of one broker, a receiver of lines, and rsyslog, which delivers beside us.
All on loopback, each in a folder of its own, ended with the `with` that started it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

from parts.contenders import write

PATIENCE = 30

NGINX = """\
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log warn; {user}
events {{ worker_connections 64; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
  log_format sizes '$request_length $status';
  client_max_body_size 0; client_body_buffer_size 16m; keepalive_requests 1000000; access_log off;
  server {{
    listen unix:{folder}/answers;
    default_type application/json;
    location / {{ return 200 '{{"took":1,"errors":false,"items":[]}}'; }}
  }}
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
    access_log {folder}/sizes sizes buffer=64k flush=1s;
    # The whole body is read before anything is answered.
    location / {{
      proxy_pass http://unix:{folder}/answers; proxy_pass_request_body off; proxy_set_header Content-Length "";
      proxy_set_header Content-Encoding "";
    }}
  }}
}}
"""

RSYSLOG = """\
global(workDirectory="{folder}" maxMessageSize="256k")
module(load="imfile")
template(name="line" type="string" string="%msg%\\n")
input(type="imfile" file="{lines}" tag="audit" ruleset="r")
ruleset(name="r") {{
  action(type="omfwd" target="127.0.0.1" port="{port}" protocol="tcp" template="line" TCP_Framing="traditional"
    action.resumeRetryCount="-1" {queue})
}}
"""
# What events are safe in, of the action's queue.
RSYSLOG_QUEUES = {
    "disk": 'queue.type="Disk" queue.filename="q" queue.maxDiskSpace="8g"',
    "memory, spills to disk": 'queue.type="LinkedList" queue.filename="q" queue.maxDiskSpace="8g" queue.saveOnShutdown="on"',
    "disk, synced, position every 1000":
        'queue.type="Disk" queue.filename="q" queue.maxDiskSpace="8g" queue.syncQueueFiles="on" queue.checkpointInterval="1000"',
}


class Error(Exception):
    pass


def free_port():
    """For programs that cannot say which one they took. Another process could take it before they do: they then fail."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_until(what, name):
    deadline = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > deadline:
            raise Error(f"{name} did not come within {PATIENCE} s")
        time.sleep(0.02)


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def running(command, **more):
    process = subprocess.Popen(command, start_new_session=True, **more)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def make_certificate(folder):
    """Signed by itself, for 127.0.0.1."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/server.key",
                    "-out", f"{folder}/server.pem"], check=True, capture_output=True)


class Nginx:
    def __init__(self, folder, port, process):
        self.folder = folder
        self.port = port
        self.process = process

    def received(self):
        """Requests answered with 200 and their bytes, head and body as they came; others; all since the last call."""
        time.sleep(1.2)  # its log is written once a second
        path = f"{self.folder}/sizes"
        with open(path, "r+", encoding="ascii") as file:
            lines = [line.split() for line in file]
            file.truncate(0)
        good = [int(size) for size, status in lines if status == "200"]
        return len(good), sum(good), len(lines) - len(good)


@contextlib.contextmanager
def nginx(program, folder):
    os.makedirs(folder)
    make_certificate(folder)
    port = free_port()
    write(f"{folder}/nginx.conf", NGINX.format(folder=folder, port=port, user="user root;" if os.geteuid() == 0 else ""))
    with running([program, "-p", folder, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]) as process:
        wait_until(lambda: listens(port) or process.poll() is not None, "nginx")
        if process.poll() is not None:
            with open(f"{folder}/error.log", encoding="utf-8") as file:
                raise Error(f"nginx does not start: {file.read().strip()[-300:]}")
        yield Nginx(folder, port, process)


@contextlib.contextmanager
def kafka(program):
    """Its address."""
    with running([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()
        process.stdin.close()


class Receiver:
    """Counts lines that come over TCP, in a process of its own."""

    def __init__(self, process, port):
        self.process = process
        self.port = port

    def finish(self):
        """Lines, and the monotonic time at which the last one was there."""
        count, at = self.process.stdout.readline().split()
        return int(count), float(at)


@contextlib.contextmanager
def receiver(lines):
    """Until it has so many."""
    script = os.path.join(os.path.dirname(os.path.realpath(__file__)), "line_receiver.py")
    with running([sys.executable, "-I", "-S", script, str(lines)], stdout=subprocess.PIPE, text=True) as process:
        yield Receiver(process, int(process.stdout.readline()))


@contextlib.contextmanager
def rsyslog(program, folder, lines, port, queue):
    """Forwards the file of lines to the port."""
    os.makedirs(folder)
    write(f"{folder}/r.conf", RSYSLOG.format(folder=folder, lines=lines, port=port, queue=RSYSLOG_QUEUES[queue]))
    with open(f"{folder}/messages", "wb") as messages:
        with running([program, "-n", "-f", f"{folder}/r.conf", "-i", f"{folder}/pid"], stdout=messages, stderr=messages) as process:
            yield process


@contextlib.contextmanager
def tls_drain(folder):
    """A port that takes everything over TLS and throws it away: openssl's own server."""
    port = free_port()
    with running(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", f"{folder}/server.pem", "-key", f"{folder}/server.key",
                  "-quiet", "-naccept", "1000"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        wait_until(lambda: listens(port), "openssl s_server")
        yield port
