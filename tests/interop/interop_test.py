# SPDX-License-Identifier: Apache-2.0
"""nauditd as a whole beside programs that others have written: one log goes through one daemon to Debian's syslog-ng (lines over
TCP, syslog over TLS with certificates on both sides) and through Debian's nginx, which breaks connections, refuses and answers
with errors, to two servers of HTTP. Each must have each event, as `nauditctl convert` prints it.

    interop_test.py BUILD SYSLOG_NG NGINX EVENTS

Servers listen on loopback, on ports that were free a moment ago."""

import gzip
import http.server
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

EVENTS = int(sys.argv[4])
SECRET = "s3cret-of-the-siem"
LONG = 120  # seconds: no limit on speed, only an end


def log_of(events):
    lines = []
    for serial in range(1, events + 1):
        stamp = f"msg=audit(1700000000.{serial % 1000:03}:{serial})"
        if serial % 2:
            lines.append(f"type=USER_LOGIN {stamp}: pid={serial} uid=0 auid=1000 ses=3 msg='op=login acct=\"jo {serial}\" "
                         f"exe=\"/usr/sbin/sshd\" hostname=? addr=10.0.0.7 terminal=ssh res=success'")
        else:
            lines += [f"type=SYSCALL {stamp}: arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7ffc a2=80000 a3=0 "
                      f"items=1 ppid=1 pid={serial} auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 "
                      f"sgid=1000 fsgid=1000 tty=pts0 ses=3 comm=\"cat\" exe=\"/usr/bin/cat\" key=\"access\"",
                      f"type=CWD {stamp}: cwd=\"/root\"",
                      f"type=PATH {stamp}: item=0 name=\"/etc/shadow-\u00e9\" inode=1 dev=08:01 mode=0100640 ouid=0 ogid=42 "
                      f"rdev=00:00 nametype=NORMAL"]
    return "\n".join(lines) + "\n"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Folder:
    def __init__(self, path):
        self.path = pathlib.Path(path)

    def __call__(self, name):
        return str(self.path / name)

    def write(self, name, text):
        self.path.joinpath(name).write_text(text, encoding="utf-8")
        return self(name)


def certificates(folder):
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=interop CA",
            "-keyout", folder("ca.key"), "-out", folder("ca.pem"))
    for name, uses in (("server", "serverAuth"), ("client", "clientAuth")):
        folder.write(f"{name}.ext", f"subjectAltName=IP:127.0.0.1\nextendedKeyUsage={uses}\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout",
                folder(f"{name}.key"), "-out", folder(f"{name}.csr"))
        openssl("x509", "-req", "-in", folder(f"{name}.csr"), "-CA", folder("ca.pem"), "-CAkey", folder("ca.key"), "-CAcreateserial",
                "-days", "2", "-extfile", folder(f"{name}.ext"), "-out", folder(f"{name}.pem"))
        os.chmod(folder(f"{name}.key"), 0o600)


class Store(http.server.ThreadingHTTPServer):
    """Keeps the events of bodies of lines, and answers as a bulk API does where it is one, with some items refused for a while."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.events = {"/in": [], "/_bulk": []}
        self.refused = set()
        self.authorizations = set()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        lines = body.decode("utf-8").splitlines()
        path = self.path.split("?")[0]
        with self.server.lock:
            if path == "/in":
                self.server.authorizations.add(self.headers.get("Authorization"))
            answer = self.bulk(lines) if path == "/_bulk" else self.lines(lines)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def lines(self, lines):
        self.server.events["/in"] += lines
        return b"{}"

    def bulk(self, lines):
        items = []
        for action, event in zip(lines[::2], lines[1::2], strict=True):
            number = json.loads(action)["create"]["_id"]
            if random.random() < 0.05 and number not in self.server.refused:
                self.server.refused.add(number)
                items.append({"create": {"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "full"}}})
            else:
                self.server.events["/_bulk"].append(json.loads(event))
                items.append({"create": {"status": 201}})
        return json.dumps({"took": 1, "errors": any("error" in item["create"] for item in items), "items": items}).encode()

    def log_message(self, *_):
        pass


class Program:
    """A server of somebody else's, ended at the end."""

    def __init__(self, command, ports, log):
        with open(log, "wb") as output:
            # Not the daemon's: a server that is stopped here must not take the test with it.
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        self.log = log
        end = time.monotonic() + LONG
        for port in ports:
            while True:
                assert self.process.poll() is None, f"{command[0]} has ended:\n{pathlib.Path(log).read_text(encoding='utf-8')}"
                assert time.monotonic() < end, f"{command[0]} does not listen"
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(LONG)


def syslog_ng(program, folder):
    lines, tls = free_port(), free_port()
    config = folder.write("syslog-ng.conf", f"""@version: 3.38
options {{ stats-freq(0); keep-hostname(yes); log-msg-size(1048576); }};
source s_lines {{ network(ip("127.0.0.1") port({lines}) transport("tcp") flags(no-parse)); }};
source s_tls {{ syslog(ip("127.0.0.1") port({tls}) transport("tls")
  tls(key-file("{folder('server.key')}") cert-file("{folder('server.pem')}") ca-file("{folder('ca.pem')}") peer-verify(required-trusted))); }};
destination d_lines {{ file("{folder('lines.out')}" template("${{MSG}}\\n")); }};
destination d_tls {{ file("{folder('tls.out')}" template("${{MSG}}\\n")); }};
destination d_heads {{ file("{folder('heads.out')}" template("${{PRI}} ${{HOST}} ${{PROGRAM}} ${{MSGID}} ${{.SDATA.naudit@32473.id}}\\n")); }};
log {{ source(s_lines); destination(d_lines); flags(flow-control); }};
log {{ source(s_tls); destination(d_tls); destination(d_heads); flags(flow-control); }};
""")
    modules = next(iter(pathlib.Path(program).resolve().parent.parent.glob("usr/lib/syslog-ng/3.*")), None)
    places = ["--module-path", str(modules)] if modules else []
    command = [program, "--foreground", "--no-caps", "--cfgfile", config, "--persist-file", folder("syslog-ng.persist"), "--pidfile",
               folder("syslog-ng.pid"), "--control", folder("syslog-ng.ctl"), *places]
    return Program(command, (lines, tls), folder("syslog-ng.log")), lines, tls


def nginx(program, folder, backend):
    port = free_port()
    folder.path.joinpath("temp").mkdir()
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temp = "".join(f"  {kind}_temp_path {folder('temp')}/{kind};\n" for kind in kinds)
    config = folder.write("nginx.conf", f"""daemon off;
{"user root;" if os.geteuid() == 0 else ""}
worker_processes 1;
error_log {folder('nginx.error')} notice;
pid {folder('nginx.pid')};
events {{ worker_connections 64; }}
http {{
{temp}  access_log {folder('nginx.access')};
  client_max_body_size 4k;  # some requests are too large: 413
  limit_req_zone $server_addr zone=few:1m rate=200r/s;
  limit_req_status 429;
  # 444: nginx closes the connection without an answer.
  split_clients "$request_id" $fate {{ 10% 444; 10% 502; 10% 503; 10% 429; * pass; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      limit_req zone=few burst=2 nodelay;
      if ($fate = 444) {{ return 444; }}
      if ($fate = 502) {{ return 502; }}
      if ($fate = 503) {{ return 503; }}
      if ($fate = 429) {{ return 429; }}
      proxy_http_version 1.1;
      proxy_pass http://127.0.0.1:{backend};
    }}
  }}
}}
""")
    return Program([program, "-p", str(folder.path), "-c", config], (port,), folder("nginx.log")), port


def settings(folder, lines, tls, web):
    more = "queue: {size: 64MiB}, retry: {first: 10ms, most: 100ms}"
    return folder.write("nauditd.yaml", f"""daemon: {{state_directory: {folder('state')}, control_socket: {folder('control.sock')}}}
sinks:
  - {{name: file, type: file, path: {folder('file.out')}}}
  - {{name: lines, type: tcp, address: '127.0.0.1:{lines}', {more}}}
  - {{name: syslog, type: syslog, transport: tcp, address: '127.0.0.1:{tls}', {more},
      tls: {{ca: {folder('ca.pem')}, certificate: {folder('client.pem')}, key: {folder('client.key')}}}}}
  - {{name: web, type: https, url: 'http://127.0.0.1:{web}/in', compression: gzip, body: ndjson, token_file: 'credential:siem', {more}}}
  - {{name: bulk, type: elasticsearch, url: 'http://127.0.0.1:{web}', {more}}}
""")


def wait_for(what, until):
    end = time.monotonic() + LONG
    while not until():
        assert time.monotonic() < end, f"{what} is not there"
        time.sleep(0.05)


def lines_of(path):
    return pathlib.Path(path).read_text(encoding="utf-8").splitlines()


def main():
    build, syslog_ng_program, nginx_program = sys.argv[1:4]
    with tempfile.TemporaryDirectory(prefix="naudit-interop-") as place:
        folder = Folder(place)
        certificates(folder)
        log = folder.write("audit.log", log_of(EVENTS))
        wanted = subprocess.run([f"{build}/bin/nauditctl", "convert", "--format", "json", "--names", "none", log], check=True,
                                capture_output=True, text=True).stdout.splitlines()
        assert len(wanted) == EVENTS
        store = Store()
        servers = []
        try:
            server, lines, tls = syslog_ng(syslog_ng_program, folder)
            servers.append(server)
            server, web = nginx(nginx_program, folder, store.server_address[1])
            servers.append(server)
            config = settings(folder, lines, tls, web)
            # As systemd does with LoadCredential=siem:FILE.
            folder.path.joinpath("credentials").mkdir()
            folder.write("credentials/siem", f"{SECRET}\n")
            done = subprocess.run([f"{build}/bin/nauditd", "--replay", log, "--config", config], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True, timeout=4 * LONG, check=False,
                                  env=os.environ | {"CREDENTIALS_DIRECTORY": folder("credentials")})
            print(done.stderr)
            assert done.returncode == 0, f"nauditd: exit code {done.returncode}"
            assert SECRET not in done.stderr
            for name in ("lines.out", "tls.out", "heads.out"):
                wait_for(name, lambda name=name: os.path.exists(folder(name)) and len(lines_of(folder(name))) >= EVENTS)
        finally:
            for server in servers:
                server.stop()
            store.shutdown()
        check(folder, store, wanted)


def events_only(lines):
    """Without what nauditd tells of itself: a sink that cannot connect, and can again."""
    return [line for line in lines if '"kind":"audit-daemon"' not in line]


def check(folder, store, wanted):
    ids = [json.loads(line)["id"] for line in wanted]
    by_file = events_only(lines_of(folder("file.out")))
    assert [json.loads(line)["id"] for line in by_file] == ids
    for name in ("lines.out", "tls.out"):
        assert events_only(lines_of(folder(name))) == by_file, f"{name} is not what the file has"
    heads = [line.split(" ") for line in lines_of(folder("heads.out"))]
    assert {head[0] for head in heads} == {"110"}
    assert {head[2] for head in heads} == {"nauditd"}
    assert set(ids) <= {head[4] for head in heads}

    # At least once, and in the order of their first arrival where there is one request at a time.
    assert list(dict.fromkeys(events_only(store.events["/in"]))) == by_file
    assert store.authorizations == {f"Bearer {SECRET}"}
    bulk = [event for event in store.events["/_bulk"] if event.get("kind") != "audit-daemon"]
    assert {event["id"] for event in bulk} == set(ids)
    answers = {line.split('"')[2].split()[0] for line in lines_of(folder("nginx.access"))}
    print("nginx has answered:", " ".join(sorted(answers)), "; refused items:", len(store.refused))
    assert {"200", "413", "429", "444", "502", "503"} <= answers, f"nginx has answered {answers} only"
    assert store.refused


main()
