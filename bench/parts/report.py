# SPDX-License-Identifier: Apache-2.0
"""Samples into Markdown. Medians, (min-max) where there are several samples, ratios of medians of the same run."""

import math
import os
import platform
import statistics
import subprocess
import time

BUSY = 0.5
ALONE = "no auditing"


def median(samples, name):
    return statistics.median(sample[name] for sample in samples)


def spread(samples, name, form="{:.2f}"):
    text = form.format(median(samples, name))
    if len(samples) > 1:
        values = [sample[name] for sample in samples]
        text += f" ({form.format(min(values))}-{form.format(max(values))})"
    return text


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def first_line(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip().split("\n")[0]
    except OSError:
        return ""


def commit(root):
    """With a + if files differ from it."""
    name = first_line(["git", "-C", root, "rev-parse", "--short", "HEAD"]) or "unknown"
    changed = first_line(["git", "-C", root, "status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs"])
    return name + ("+" if changed else "")


def machine(root, load, versions):
    """What the numbers depend on. `load`: the load average before anything was started."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    facts = [f"* {time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores ({model}), {memory:.0f} GiB, "
             f"{platform.system()} {platform.release()}",
             ", ".join([f"* commit {commit(root)}"] + ([versions] if versions else [])),
             f"* load average at the start: {load:.2f}"]
    if load > BUSY:
        facts.append(f"* **the machine was busy (load above {BUSY}): rates are low and ratios uncertain**")
    return "\n".join(facts)


def median_of(by_name, name, field):
    """None where this contender has no sample, or none with this figure."""
    values = [sample[field] for sample in by_name.get(name, []) if sample.get(field) is not None]
    return statistics.median(values) if values else None


def times(part, whole):
    return "-" if part is None or not whole else f"{part / whole:.2f}"


def from_the_floor(samples):
    """One row for each contender: its CPU time per record over the floor's, by workload."""
    names = list(dict.fromkeys(name for by_name in samples.values() for name in by_name))
    rows = [[name] + [times(median_of(by_name, name, "cpu"), median_of(by_name, "floor", "cpu"))
                      for by_name in samples.values()] for name in names]
    return table(["who", *samples], rows)


def cpu(samples):
    rows = []
    for workload, by_name in samples.items():
        for name, taken in by_name.items():
            own = median_of(by_name, name, "cpu")
            rows.append([workload, name, spread(taken, "cpu"), times(own, median_of(by_name, "floor", "cpu")),
                         times(own, median_of(by_name, "nauditd json", "cpu")), spread(taken, "kauditd"),
                         f"{sum(s['out'] for s in taken):,}/{sum(s['made'] for s in taken):,}"])
    return table(["workload", "who", "CPU s per M records", "times the floor", "times nauditd json",
                  "kauditd s per M records", "events written/made"], rows)


def rate(samples):
    rows = []
    for workload, by_name in samples.items():
        for name, taken in by_name.items():
            rows.append([workload, name, spread(taken, "rate", "{:,.0f}"),
                         times(median_of(by_name, name, "rate"), median_of(by_name, "floor", "rate"))])
    return table(["workload", "who", "events/s of the audited program", "of the rate under the floor"], rows)


def curve(samples):
    """Share that arrived and the kernel's lost counter, at each rate; `max` and a rate that the generator could not keep up
    with the contender: the rate that it had."""
    names = list(dict.fromkeys(name for by_name in samples.values() for name in by_name))
    rows = []
    for asked, by_name in samples.items():
        row = [asked if asked == "max" else f"{asked:,}"]
        for name in names:
            share = median_of(by_name, name, "share")
            if share is None:
                row.append("-")
                continue
            made, lost = median_of(by_name, name, "rate"), median_of(by_name, name, "lost")
            cell = "1" if share == 1 else f"{share:.3f}"
            cell += f", {lost:,.0f} lost" if lost else ""
            row.append(cell + (f" (at {made:,.0f}/s)" if asked == "max" or made < 0.95 * asked else ""))
        rows.append(row)
    return table(["events/s", *names], rows)


def research(samples):
    """`slower`: than with auditing off."""
    rows = []
    for workload, by_name in samples.items():
        alone = [s["seconds"] / s["work"] for s in by_name.get(ALONE, [])]
        for name, taken in by_name.items():
            each = [s["seconds"] / s["work"] for s in taken]
            slower = f"{(statistics.median(each) / statistics.median(alone) - 1) * 100:.0f} %" if alone else "-"
            row = [workload, name, speed(taken), "" if name == ALONE else slower]
            if "out" in taken[0]:
                own = median_of(by_name, name, "cpu")
                row += [f"{median(taken, 'out'):,.0f}", f"{median_of(by_name, name, 'records') or 0:,.0f}",
                        f"{sum(s['lost'] for s in taken):,}", spread(taken, "cpu_s"), "-" if own is None else f"{own:.2f}",
                        times(own, median_of(by_name, "floor", "cpu"))]
            rows.append(row + [""] * (10 - len(row)))
    return table(["workload", "who", "the program", "slower by", "events", "records", "lost", "CPU s", "CPU s per M records",
                  "times the floor"], rows)


def speed(taken):
    """Seconds for a fixed work, else how much of it a second."""
    if all(sample["work"] == 1 for sample in taken):
        return spread(taken, "seconds") + " s"
    return spread([{"rate": sample["work"] / sample["seconds"]} for sample in taken], "rate", "{:,.0f}") + " requests/s"


def told(comparisons):
    """All runs together: what nauditd counts, and what was seen from outside."""
    groups = {}
    for one in comparisons:
        groups.setdefault((one.who, one.what), []).append(one)
    rows = [[who, what, f"{sum(one.says for one in group):,}", f"{sum(one.seen for one in group):,}",
             f"{sum(one.says == one.seen for one in group)} of {len(group)}"] for (who, what), group in groups.items()]
    return table(["who", "what", "nauditd says", "seen", "runs that agree"], rows)


def burst(by_name):
    """The kernel counts about one lost for an event that it had no room for; what else is missing, the receiver lost."""
    rows = [[name, spread(taken, "share"), spread(taken, "lost", "{:,.0f}"), spread(taken, "rate", "{:,.0f}")]
            for name, taken in by_name.items()]
    return table(["who", "share that arrived", "the kernel's lost counter", "events/s"], rows)


def percentile(values, share):
    """The smallest value that so great a share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def latency(samples, errors):
    rows = []
    for speed, by_name in samples.items():
        for name, taken in by_name.items():
            values = [value for sample in taken for value in sample["latencies"]]
            made = sum(sample["made"] for sample in taken)
            if len(values) != made:
                errors.append(f"{name}, latency at {speed}/s: {made} events made, {len(values)} read")
            if values:
                rows.append([f"{speed:,}", name] + [f"{percentile(values, p):.2f}" for p in (0.5, 0.99, 0.999)])
    return table(["events/s", "who", "p50 ms", "p99 ms", "p99.9 ms"], rows)


def memory(samples):
    rows = [[name, f"{median(taken, 'records') / 1e6:.1f} M", spread(taken, "resident", "{:.1f}"),
             spread(taken, "peak", "{:.1f}")] for name, taken in samples["openat"].items()]
    return table(["who", "after records (openat)", "resident MiB", "peak MiB"], rows)


def unknown_uid(samples):
    rows = []
    for name in samples["known"]:
        known, unknown = (samples[case].get(name) for case in ("known", "unknown"))
        if unknown:
            rows.append([name, spread(known, "cpu"), spread(unknown, "cpu"),
                         times(median(unknown, "cpu"), median(known, "cpu"))])
    return table(["who", "known user: CPU s per M records", "unknown user", "ratio"], rows)


def replace(path, text, name="bench/run"):
    """Puts the text between the two markers of this name in the file."""
    begin_marker = f"<!-- {name}: begin -->"
    end_marker = f"<!-- {name}: end -->"
    with open(path, encoding="utf-8") as file:
        before, begin, rest = file.read().partition(begin_marker)
    _, end, after = rest.partition(end_marker)
    if not begin or not end:
        raise ValueError(f"{path} lacks the line {begin_marker} or, behind it, {end_marker}")
    # Beside it first: a full disk must not take the page.
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(f"{before}{begin_marker}\n\n{text}\n\n{end_marker}{after}")
    os.replace(path + ".new", path)
