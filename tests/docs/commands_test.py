#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of the documentation in a folder with small logs, rules and configurations. A block of output behind
a command is what it prints. A command that is not run stands in NOT_RUN, with the reason; one that is in neither fails.

commands_test.py SOURCE BIN            UPDATE_GOLDEN=1 writes the output into docs/questions.md."""
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE, BIN = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
PAGES = sorted((SOURCE / "docs").glob("*.md")) + [SOURCE / "README.md", SOURCE / "CONTRIBUTING.md"]

# Commands that change the machine, need a running daemon or the kernel, or take minutes. (pattern, why)
NOT_RUN = [
    (r"^(sudo )?(tools|tests|bench)/", "builds, measures, or needs root: CI runs tools/test, people the others"),
    (r"^(UPDATE_GOLDEN=1 )?(sudo )?(cmake|ctest|build/|perf |ninja )", "builds or measures; CI does"),
    (r"^sudo (systemctl|nauditctl status|cmake)", "the machine's services; tests/vm does it"),
    (r"^(sudo )?nauditctl (status|sinks|metrics|tail|top|reload|rotate|rules (stats|list|diff|apply))", "needs a daemon or the kernel; tests of ctl/"),
    (r"^nauditctl doctor", "looks at the machine's own auditing; tests/ctl/doctor and tests/kernel/daemon_doctor_test.cpp"),
    (r"^nauditctl rules (check|explain|import|export|generate)$", "the machine's own rules; tests/ctl/rules"),
    (r"^nauditctl spool", "the machine's own spools; tests/ctl/spool/spool_test.cpp"),
    (r"^sudo nauditd --check$", "only trusts files below folders of root's; tests/daemon/checks_test.cpp"),
    (r"^(cp|install) ", "installs"),
    (r"^echo .*socat", "needs a daemon; tests/daemon/control_commands_test.cpp"),
    (r"^(ausearch|aureport|auditctl|augenrules|praudit|auditreduce|jq \.|curl|openssl|cat |ls |git |run0 )", "another program"),
    (r"^(cc |c\+\+ |\./)", "needs an installed library; tests/library/installed_test.py"),
    (r"^sudo mv ", "a folder of another program"),
    (r"^journalctl", "the machine's journal"),
]
# Where a command looks, and what stands there in the test.
FOLDERS = ["/var/log/naudit", "/var/log/audit", "/var/log/kern.log", "/etc/naudit", "/etc/audit"]
FIRST_WORDS = r"(sudo|nauditctl|nauditd|zcat|jq|ausearch|auditctl|bsmconv|praudit|auditreduce|journalctl|cmake|ctest|tools/|tests/|bench/|build/|echo|cp|UPDATE_GOLDEN|systemctl|socat|perf)\b"


def blocks(text):
    """The lines of each block that holds commands, without the comments behind them."""
    for fence in re.finditer(r"^```(\w*)\n(.*?)^```\n", text, re.M | re.S):
        if fence[1] in ("sh", "bash") and not fence[2].startswith("#!"):  # a program: tests/plugins runs those
            yield fence[2]
    for block in re.finditer(r"(?:(?<=\n\n)|\A)((?:    .*\n)+)", text):
        body = re.sub(r"^    ", "", block[1], flags=re.M)
        if re.match(FIRST_WORDS, body):
            yield re.sub(r" {2,}# .*", "", body)


def commands(body):
    """One command may go on in the next lines: behind a backslash, within quotes, or with blanks in front."""
    out = []
    for line in body.splitlines():
        if out and (out[-1].endswith("\\") or out[-1].count("'") % 2 == 1 or line.startswith(" ")):
            out[-1] += "\n" + line
        elif line.strip():
            out.append(line)
    return out


class Sandbox:
    """The paths of the documentation, below a folder."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="naudit-docs-")
        self.root = pathlib.Path(self.folder.name)
        for name in ("var/log/naudit", "var/log/audit", "etc/naudit/rules.d", "etc/audit/rules.d", "work"):
            (self.root / name).mkdir(parents=True)
        log = SOURCE / "tests/data/questions/audit.log"
        shutil.copy(log, self.root / "var/log/audit/audit.log")
        (self.root / "var/log/kern.log").write_text(
            "Nov 14 22:13:20 host kernel: [    1.5] audit: type=1400 audit(1700000000.500:1): apparmor=\"STATUS\"\n")
        (self.root / "work/old.log.gz").write_bytes(gzip.compress(log.read_bytes()))
        json = self.root / "var/log/naudit/events.json"
        subprocess.run([BIN / "nauditctl", "convert", "--names", "none", "-o", json, log], check=True)
        shutil.copy(json, self.root / "work/events.json")
        rules = "-D\n-b 8192\n-w /etc/passwd -p wa -k identity\n-a always,exit -F arch=b64 -S mount -k mounts\n"
        (self.root / "etc/audit/rules.d/audit.rules").write_text(rules)
        (self.root / "etc/audit/rules.d/50-exec.rules").write_text("-a always,exit -F arch=b64 -S execve -F key=exec\n")
        (self.root / "etc/audit/audit.rules").write_text(rules)
        shutil.copy(SOURCE / "fuzz/corpus/audit_go/both", self.root / "work/audit.rules.json")
        (self.root / "etc/audit/auditd.conf").write_text("log_file = /var/log/audit/audit.log\nlog_format = ENRICHED\n")
        shutil.copy(SOURCE / "config/nauditd.yaml", self.root / "etc/naudit/nauditd.yaml")
        shutil.copy(SOURCE / "config/rules.d/10-base.yaml", self.root / "etc/naudit/rules.d/10-base.yaml")

    def run(self, command):
        command = re.sub(r"^sudo ", "", command)
        for folder in FOLDERS:
            command = command.replace(folder, str(self.root) + folder)
        environment = {"PATH": f"{BIN}:/usr/sbin:/usr/bin:/sbin:/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        return subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=self.root / "work", env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)


def why_not(command):
    return next((why for pattern, why in NOT_RUN if re.search(pattern, command)), None)


class Documentation(unittest.TestCase):
    maxDiff = None

    def test_every_command_of_every_page_runs(self):
        ran = 0
        for page in PAGES:
            sandbox = Sandbox()
            self.addCleanup(sandbox.folder.cleanup)
            for body in blocks(page.read_text()):
                for command in commands(body):
                    with self.subTest(page=page.name, command=command):
                        reason = why_not(command)
                        if reason is None and "ausearch" in command and shutil.which("ausearch") is None:
                            reason = "no ausearch here"
                        if reason is not None:
                            continue
                        result = sandbox.run(command)
                        allowed = (0, 3) if "--rejects" in command else (0,)
                        self.assertIn(result.returncode, allowed, result.stderr)
                        ran += 1
        self.assertGreaterEqual(ran, 30)

    def test_the_answers_to_the_questions_are_right(self):
        """Each command of docs/questions.md is followed by what it prints."""
        page = SOURCE / "docs/questions.md"
        text = page.read_text()
        sandbox = Sandbox()
        self.addCleanup(sandbox.folder.cleanup)
        written, at, answers = "", 0, 0
        for match in re.finditer(r"^```sh\n(.*?)^```\n(\n```text\n(.*?)^```\n)?", text, re.M | re.S):
            with self.subTest(command=match[1]):
                result = sandbox.run(match[1])
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                self.assertNotEqual(result.stdout, "", "a question without an answer shows nothing")
                answer = result.stdout.expandtabs()
                if "UPDATE_GOLDEN" not in os.environ:
                    self.assertEqual(match[3], answer)
                written += text[at:match.start()] + f"```sh\n{match[1]}```\n\n```text\n{answer}```\n"
                at = match.end()
                answers += 1
        self.assertGreaterEqual(answers, 20)
        if "UPDATE_GOLDEN" in os.environ:
            page.write_text(written + text[at:])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
