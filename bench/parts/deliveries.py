# SPDX-License-Identifier: Apache-2.0
"""What is measured of delivery without a kernel: lines of JSON that `nauditctl convert` made go through bench-deliver into
sinks, and what the other side got is counted there, too."""

import json
import os
import re
import subprocess
import time

from parts import counterparts, processes
from parts.contenders import write
from parts.report import table

SECONDS = 300  # no run may take longer

HEAD = "daemon: {{state_directory: {folder}/state}}\nsinks:\n"
QUEUE = "queue: {size: 64MiB, when_full: block}"
SPOOL = "queue: {size: 64MiB}, spool: {keep_free: 0%, size: 16GiB, when_full: block"

BULK = "type: elasticsearch, url: 'https://127.0.0.1:{port}/', tls: {{ca: {ca}}}, batch: {{bytes: 8MiB, events: 5000}}"
HTTPS_CASES = {
    "_bulk, gzip": BULK + ", compression: gzip",
    "_bulk, zstd": BULK + ", compression: zstd",
    "_bulk, gzip, two in parallel": BULK + ", compression: gzip, parallel: 2",
    "_bulk, not compressed": BULK + ", compression: none",
    "lines (`https`), gzip":
        "type: https, url: 'https://127.0.0.1:{port}/', tls: {{ca: {ca}}}, batch: {{bytes: 8MiB, events: 5000}}, compression: gzip",
}
KAFKA_CASES = {"zstd": "zstd", "lz4": "lz4", "not compressed": "none"}


class Source:
    """A file of lines, one event each; `times`: so often it is read for a full run."""

    def __init__(self, path, times):
        self.path = path
        self.times = times
        with open(path, "rb") as file:
            self.lines = sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))
        self.bytes = os.path.getsize(path)


def deliver(programs, folder, source, sinks, times=None):
    """What bench-deliver says of these sinks, each a YAML map's inside; what is not whole is an error."""
    os.makedirs(folder, mode=0o700)
    os.makedirs(f"{folder}/state", mode=0o700)
    text = HEAD.format(folder=folder) + "".join(f"  - {{name: s{i}, {sink}}}\n" for i, sink in enumerate(sinks))
    write(f"{folder}/nauditd.yaml", text)
    done = subprocess.run([f"{programs}/bench-deliver", f"{folder}/nauditd.yaml", source.path, str(times or source.times)],
                          capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise counterparts.Error(f"bench-deliver: {done.stderr.strip()[-500:]}")
    sample = json.loads(done.stdout)
    for sink in sample["sinks"]:
        if sink["events_out"] != sample["events"] or sink["events_dropped"]:
            raise counterparts.Error(f"{sink['type']}: {sink['events_out']} of {sample['events']} events delivered, "
                                     f"{sink['events_dropped']} dropped: {done.stderr.strip()[-300:]}")
    return sample


def figures(sample):
    """Of a run with one sink: events/s, MB/s of events, CPU seconds for a million events."""
    seconds = sample["sinks"][0]["seconds"]
    return [f"{sample['events'] / seconds:,.0f}", f"{sample['bytes'] / seconds / 1e6:.0f}",
            f"{sample['cpu'] / sample['events'] * 1e6:.2f}"]


def https(programs, nginx_program, work, source, cases, tell):
    rows = []
    with counterparts.nginx(nginx_program, f"{work}/nginx") as nginx:
        for name in cases:
            tell(f"https: {name}")
            begun = processes.cpu_seconds(nginx.process.pid) + worker_cpu(nginx.process.pid)
            sample = deliver(programs, f"{work}/https.{len(rows)}", source,
                             [HTTPS_CASES[name].format(port=nginx.port, ca=f"{nginx.folder}/server.pem") + ", " + QUEUE])
            cpu = processes.cpu_seconds(nginx.process.pid) + worker_cpu(nginx.process.pid) - begun
            requests, size, others = nginx.received()
            if others:
                raise counterparts.Error(f"nginx answered {others} requests with something else than 200")
            rows.append([name, *figures(sample), f"{cpu / sample['events'] * 1e6:.2f}", f"{requests:,}",
                         f"{size / sample['events']:.0f}", f"{sample['bytes'] / sample['events']:.0f}"])
    return table(["requests", "events/s", "MB/s of events", "CPU s per M events", "nginx's", "requests", "bytes an event on the wire",
                  "bytes an event"], rows)


def worker_cpu(pid):
    return sum(processes.cpu_seconds(child) for child in processes.children(pid))


def kafka(programs, work, source, cases, tell):
    rows = []
    for name in cases:
        tell(f"kafka: {name}")
        with counterparts.kafka(f"{programs}/bench-kafka") as address:
            sample = deliver(programs, f"{work}/kafka.{len(rows)}", source,
                             [f"type: kafka, brokers: ['{address}'], topic: audit, compression: {KAFKA_CASES[name]}, {QUEUE}"])
        rows.append([name, *figures(sample)])
    return table(["batches", "events/s", "MB/s of events", "CPU s per M events"], rows)


def beside_rsyslog(programs, rsyslog_program, work, source, queues, tell):
    """The same file of lines, the same receiver, in turn. Everybody reads the file, has what it read in a queue on the disk,
    and sends it over plain TCP. Time: from the start of the program until the receiver has the last line."""
    rows = []
    lines = source.lines * source.times
    for name, waiting in (("nauditd, spool, sync: 1s", SPOOL + "}"), ("nauditd, spool, sync: batch", SPOOL + ", sync: batch}"),
                          ("nauditd, memory only", QUEUE)):
        tell(f"beside rsyslog: {name}")
        with counterparts.receiver(lines) as receiver:
            folder = f"{work}/tcp.{len(rows)}"
            begun = time.monotonic()
            sample = deliver(programs, folder, source, [f"type: tcp, address: '127.0.0.1:{receiver.port}', {waiting}"])
            count, at = receiver.finish()
        if count != lines:
            raise counterparts.Error(f"{name}: {count} of {lines} lines arrived")
        rows.append([name, f"{lines / (at - begun):,.0f}", f"{sample['cpu'] / lines * 1e6:.2f}", str(sample["sinks"][0]["syncs"])])
    whole = f"{work}/all.lines"
    with open(whole, "wb") as out, open(source.path, "rb") as file:
        for _ in range(source.times):
            file.seek(0)
            for piece in iter(lambda: file.read(1 << 20), b""):
                out.write(piece)
    for queue in queues:
        tell(f"beside rsyslog: rsyslog, {queue}")
        # What is slow gets less, as figures are per second.
        share = 100 if "synced" in queue else 1
        wanted = lines // share
        if share > 1:
            subprocess.run(f"head -n {wanted} {whole} > {whole}.part", shell=True, check=True)
        with counterparts.receiver(wanted) as receiver:
            begun = time.monotonic()
            with counterparts.rsyslog(rsyslog_program, f"{work}/rsyslog.{len(rows)}", whole + (".part" if share > 1 else ""),
                                      receiver.port, queue) as process:
                count, at = receiver.finish()
                cpu = processes.cpu_seconds(process.pid)
        # It sends nothing more, though its queue is not empty.
        stalled = "" if count == wanted else f" (stalled at {count:,} of {wanted:,} lines)"
        rows.append([f"rsyslog, {queue}{stalled}", f"{count / (at - begun):,.0f}", f"{cpu / max(count, 1) * 1e6:.2f}", "-"])
    os.remove(whole)
    ours = float(rows[0][1].replace(",", ""))
    for row in rows:
        row.insert(2, f"{float(row[1].replace(',', '')) / ours:.2f}")
    return table(["who", "events/s", "of nauditd with a spool", "CPU s per M events", "syncs"], rows)


RUN = re.compile(r"(plain|zstd) +(paced|) +written +(\d+) events/s \((\d+) MB/s\), ([\d.]+) syncs/s +drained +(\d+) events/s, "
                 r"([\d.]+) syncs/s +(\d+) bytes an event, (\d+) on the disk")
START = re.compile(r"start (plain|zstd) +(cold|warm) +(\d+) MiB, (\d+) segments, (\d+) MiB without a footer: ([\d.]+) ms, first "
                   r"events ([\d.]+) ms")


def spool(programs, work, seconds, mebibytes):
    done = subprocess.run([f"{programs}/bench-spool", f"{work}/spool", str(seconds), str(mebibytes)], capture_output=True, text=True,
                          timeout=SECONDS, check=False)
    if done.returncode:
        raise counterparts.Error(f"bench-spool: {done.stderr.strip()}")
    runs = [[kind, "200,000/s" if paced else "as fast as it goes", f"{int(written):,}", mb, syncs, f"{int(drained):,}", more, on_disk]
            for kind, paced, written, mb, syncs, drained, more, _, on_disk in RUN.findall(done.stdout)]
    starts = [[kind, cold, size, segments, tail, opened, first]
              for kind, cold, size, segments, tail, opened, first in START.findall(done.stdout)]
    if len(runs) != 4 or len(starts) != 8:
        raise counterparts.Error(f"bench-spool says something else: {done.stdout.strip()[-500:]}")
    return (table(["frames", "written", "events/s", "MB/s of events", "syncs/s", "drained, events/s", "syncs/s", "bytes an event on the disk"],
                  runs)
            + "\n\nA start with a full spool that a killed process has left:\n\n"
            + table(["frames", "page cache", "MiB", "segments", "MiB without a footer", "open, ms", "first events, ms"], starts))
