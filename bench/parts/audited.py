# SPDX-License-Identifier: Apache-2.0
"""nauditd as the kernel's audit daemon with several sinks at a time, and what an outage of a server takes of memory."""

import contextlib
import json
import os
import subprocess
import time

from parts import counterparts, kernel, outputs, processes
from parts.contenders import Contender, write
from parts.loads import Generated
from parts.report import table

NAUDITD = """\
node: none
kernel: {{enabled: keep, backlog_limit: keep, backlog_wait_time: keep}}
rules: {{files: [], drift: ignore}}
daemon: {{control_socket: {folder}/control.sock, state_directory: {folder}/state, log_level: warning}}
sinks:
  - {{name: log, type: file, format: json, path: {folder}/out.log, rotate: {{size: 0, keep: 0}}}}
"""
TLS = "  - {{name: tls, type: tcp, address: '127.0.0.1:{tls}', tls: {{ca: {ca}}}{more}}}\n"
HTTPS = ("  - {{name: bulk, type: elasticsearch, url: 'https://127.0.0.1:{https}/', tls: {{ca: {ca}}}, batch: {{bytes: 8MiB, "
         "events: 5000}}{more}}}\n")
# Nobody listens at port 1. One that waits in memory, one in its spool.
DEAD = "  - {name: dead, type: https, url: 'https://127.0.0.1:1/'}\n"
DEAD_SPOOL = "  - {name: dead-spool, type: https, url: 'https://127.0.0.1:1/', spool: {keep_free: 0%}}\n"
SPOOL = ", spool: {keep_free: 0%}"
DELIVERED_WITHIN = 90


class Delivering(Contender):
    """nauditd with these sinks behind its file; settled when those that live have delivered what they were given."""

    def __init__(self, programs, name, sinks):
        def prepare(folder):
            write(f"{folder}/nauditd.yaml", NAUDITD.format(folder=folder) + sinks)
            return [f"{programs}/nauditd", "--config", f"{folder}/nauditd.yaml"]
        super().__init__(name, prepare, outputs.native, control=True)  # the file's events are counted
        self.programs = programs
        self.lost = 0

    def sinks(self):
        return status(self.programs, self.socket)["sinks"]

    def settle(self):
        super().settle()
        deadline = time.monotonic() + DELIVERED_WITHIN
        while True:
            waiting = [sink for sink in self.sinks() if not sink["name"].startswith("dead") and sink["queue_events"]]
            if not waiting:
                break
            if time.monotonic() > deadline:
                raise kernel.Error(f"{self.name}: sink {waiting[0]['name']} has not delivered: {waiting[0]['last_error']}")
            time.sleep(0.05)
        self.lost += sum(sink["events_dropped"] for sink in self.sinks() if not sink["name"].startswith("dead"))


def status(programs, socket):
    done = subprocess.run([f"{programs}/nauditctl", "status", "--json", "--socket", socket], capture_output=True, text=True, timeout=20,
                          check=False)
    if done.returncode not in (0, 3):
        raise kernel.Error(f"nauditctl status: {done.stderr.strip()}")
    return json.loads(done.stdout)


def contenders(programs, at):
    """`at`: what the sinks' texts name."""
    both = TLS.format(**at, more="") + HTTPS.format(**at, more="")
    spooled = TLS.format(**at, more=SPOOL) + HTTPS.format(**at, more=SPOOL)
    return [Delivering(programs, "file", ""), Delivering(programs, "file + TLS + HTTPS", both),
            Delivering(programs, "file + TLS + HTTPS + two dead", both + DEAD + DEAD_SPOOL),
            Delivering(programs, "file + TLS + HTTPS with spools", spooled)]


def rates(samples, lost):
    """`lost`: events that a living sink gave up, by contender."""
    rows = []
    for workload, by_name in samples.items():
        floor = median(by_name["floor"], "rate")
        for name, taken in by_name.items():
            rows.append([workload, name, f"{median(taken, 'rate'):,.0f}", f"{median(taken, 'rate') / floor:.2f}",
                         f"{median(taken, 'cpu'):.2f}", f"{sum(s['out'] for s in taken):,}/{sum(s['made'] for s in taken):,}"])
    dropped = "; ".join(f"{name}: {number:,}" for name, number in lost.items() if number) or "none"
    return table(["workload", "who", "events/s of the audited program", "of the rate under the floor", "CPU s per M records",
                  "events in the file/made"], rows) + f"\n\nEvents that a sink dropped whose peer lives, in all runs together: {dropped}."


def median(samples, name):
    values = sorted(sample[name] for sample in samples)
    return values[len(values) // 2]


def outage(programs, guard, work, uid, seconds, every, tell):
    """Events as fast as they can be made, a server that is away, a spool that becomes full. Rows: time, memory, spool."""
    rows = []
    contender = Delivering(programs, "outage", "  - {name: dead-spool, type: https, url: 'https://127.0.0.1:1/', queue: {size: 32MiB}, "
                                               "spool: {size: 256MiB, keep_free: 0%}}\n")
    with contextlib.ExitStack() as at_end:
        at_end.callback(contender.clean)
        at_end.callback(guard.remove_rules)
        at_end.callback(contender.stop)
        contender.start(work)
        load = Generated(f"{programs}/bench-generate", "openat", 2_000_000_000, uid)
        guard.add_rules(load.rules, uid)
        process = load.start()
        at_end.callback(processes.end_group, process)
        begun = time.monotonic()
        before = status(programs, contender.socket)["sinks"][1]["events_in"]
        while True:
            due = begun + every * (len(rows) + 1)
            time.sleep(max(0.0, due - time.monotonic()))
            passed = time.monotonic() - begun
            told = status(programs, contender.socket)
            sink = told["sinks"][1]
            resident, peak = contender.memory_mib()
            rows.append([f"{passed:.0f}", f"{resident:.1f}", f"{peak:.1f}", f"{sink['queue_bytes'] / 2**20:.1f}",
                         f"{sink['spool_bytes'] / 2**20:.0f}", f"{sink['events_in']:,}", f"{sink['events_dropped']:,}",
                         f"{(sink['events_in'] - before) / every:,.0f}", f"{told['kernel']['lost']:,}"])
            before = sink["events_in"]
            tell(f"outage: {passed:.0f} s, {resident:.1f} MiB")
            # The file beside it is not what is measured, and would fill the disk.
            os.truncate(contender.output, 0)
            if passed >= seconds:
                break
        processes.end_group(process)
    return table(["s", "resident MiB", "peak MiB", "in the queue, MiB", "spool, MiB", "events in", "dropped, told", "events/s",
                  "lost by the kernel"], rows)


@contextlib.contextmanager
def peers_of_all(nginx_program, work):
    """A receiver of TLS and nginx; what the sinks' texts name."""
    with counterparts.nginx(nginx_program, f"{work}/nginx") as nginx, counterparts.tls_drain(f"{work}/nginx") as tls:
        yield {"https": nginx.port, "tls": tls, "ca": f"{work}/nginx/server.pem"}
