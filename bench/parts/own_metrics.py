# SPDX-License-Identifier: Apache-2.0
"""What nauditd counts itself (docs/control-socket.md), beside what was seen from outside during the same run."""

import dataclasses
import json
import os
import subprocess

from parts import kernel, outputs


UNTOLD = "events missing that it does not tell"


@dataclasses.dataclass
class Comparison:
    workload: str
    who: str
    what: str
    says: int
    seen: int


class Reader:
    """Of one run of one contender; does nothing for one without a control socket. begin() and end() enclose what was
    made; after_rules() comes when the event of the removed rules has made a gap at the end visible."""

    def __init__(self, programs, contender):
        self.program = f"{programs}/nauditctl"
        self.contender = contender
        self.before = self.after = self.last = None
        self.rows = []

    def begin(self):
        self.before = self.status()

    def end(self):
        self.after = self.status()

    def after_rules(self):
        if self.contender.socket:
            self.contender.settle()
            self.last = self.status()

    def status(self):
        if not self.contender.socket:
            return None
        done = subprocess.run([self.program, "status", "--json", "--socket", self.contender.socket], capture_output=True,
                              text=True, timeout=20, check=False)
        if done.returncode not in (0, 3):  # 3: something is not in order, such as records that the kernel lost
            raise kernel.Error(f"nauditctl status: {done.stderr.strip()}")
        answer = json.loads(done.stdout)
        sink = answer["sinks"][0]
        return {"records": answer["events"]["records"], "events written": sink["events_out"],
                "bytes written": sink["bytes_out"], "the kernel's lost": answer["kernel"]["lost"],
                "gap": answer["events"]["gap_events"] + sink["events_dropped"],
                "size": os.path.getsize(self.contender.output)}

    def compare(self, sample, lossless):
        """Keeps the rows, and gives what is wrong in words. Where records may be lost, nobody outside knows how many came; but
        nauditd must account for each event that is not there: the kernel counts one that it dropped as lost (and one of which
        it dropped a later record too, so that its number may be larger), and what else is missing is a gap or was dropped."""
        if self.before is None:
            return []
        grown = {name: self.after[name] - self.before[name] for name in self.after}
        seen = {"the kernel's lost": sample["lost"], "bytes written": grown["size"]}
        if lossless:
            written = outputs.all_events(self.contender.output, self.before["size"], self.after["size"],
                                         self.contender.read is outputs.native)
            seen |= {"events written": written}
            # Others may have made events meanwhile, a login for example; how many records those had is not known.
            own = outputs.own_events(self.contender.output, self.before["size"], self.after["size"])
            if sample["records"] is not None and written - own == sample["out"]:
                seen |= {"records": sample["records"]}
        elif sample["made"] is not None:
            told = self.last["gap"] - self.before["gap"] + grown["the kernel's lost"]
            grown[UNTOLD] = 0
            seen[UNTOLD] = max(0, sample["made"] - sample["out"] - told)
        self.rows = [(what, grown[what], number) for what, number in seen.items()]
        return [f"nauditd says {says} for {what}, seen were {number}" for what, says, number in self.rows if says != number]

    def comparison(self, workload):
        return [Comparison(workload, self.contender.name, *row) for row in self.rows]
