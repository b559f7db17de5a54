#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What OpenSCAP says of a machine with Debian's auditd, and of the same one after `nauditctl migrate --keep-rules`, whose
log nauditd wrote: the definitions of the SCAP Security Guide about audit, side by side. Not a test of CI: it wants
openscap-scanner and ssg-debian.

openscap.py BIN PEERS      BIN: nauditd and nauditctl; PEERS: what tools/fetch-peers unpacked
The scanner looks at the files below a folder (OSCAP_PROBE_ROOT); what asks systemd, dpkg or the kernel is an error on
both sides there, and is counted apart."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

OVAL = "/usr/share/xml/scap/ssg/content/ssg-debian11-oval.xml"
SOURCE = pathlib.Path(__file__).resolve().parents[2]
RULES = """
-a always,exit -F arch=b64 -S init_module -k modules
-a always,exit -F arch=b32 -S init_module -k modules
-a always,exit -F arch=b64 -S chmod -F auid>=1000 -F auid!=unset -F key=perm_mod
-a always,exit -F arch=b32 -S chmod -F auid>=1000 -F auid!=unset -F key=perm_mod
-w /etc/localtime -p wa -k audit_time_rules
-w /etc/selinux/ -p wa -k MAC-policy
-w /var/log/lastlog -p wa -k logins
-w /var/log/tallylog -p wa -k logins
-e 2
"""


def auditd_machine(root, peers):
    for folder, mode in (("etc", 0o755), ("usr/lib/systemd/system", 0o755), ("var/log/audit", 0o700)):
        (root / folder).mkdir(parents=True)
        (root / folder).chmod(mode)
    shutil.copytree(peers / "etc/audit", root / "etc/audit", symlinks=False)
    shutil.rmtree(root / "etc/audit/plugins.d")  # nothing runs here
    shutil.copy(peers / "lib/systemd/system/auditd.service", root / "usr/lib/systemd/system")
    with open(root / "etc/audit/rules.d/audit.rules", "a", encoding="utf-8") as rules:
        rules.write(RULES)
    for path in (root / "etc/audit").rglob("*"):
        path.chmod(0o750 if path.is_dir() else 0o640)
    log = root / "var/log/audit/audit.log"
    log.touch()
    log.chmod(0o600)


def nauditd_machine(root, binaries):
    log = root / "var/log/audit/audit.log"
    log.unlink()
    subprocess.run([binaries / "nauditctl", "migrate", "--keep-rules", "--from", root / "etc/audit", "--to", root / "etc/naudit"],
                   check=True, stdout=subprocess.DEVNULL)
    conf = root / "etc/naudit/nauditd.yaml"
    conf.write_text(conf.read_text().replace("path: /var/log/audit/audit.log", f"path: {log}"))
    subprocess.run([binaries / "nauditd", "--config", conf, "--replay", SOURCE / "tests/data/questions/audit.log"], check=True,
                   stdout=subprocess.DEVNULL)
    if log.stat().st_size == 0:
        raise SystemExit("nauditd wrote no log")


def results(root):
    done = subprocess.run(["oscap", "oval", "eval", OVAL], env={**os.environ, "OSCAP_PROBE_ROOT": str(root)}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    found = dict(re.findall(r"^Definition oval:ssg-(\S*audit\S*):def:1: (\w+)", done.stdout, re.M))
    if len(found) < 50:
        raise SystemExit(f"oscap looked at {len(found)} definitions only")
    return found


def main():
    binaries, peers = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    with tempfile.TemporaryDirectory(prefix="naudit-openscap-") as folder:
        theirs, ours = pathlib.Path(folder) / "auditd", pathlib.Path(folder) / "nauditd"
        auditd_machine(theirs, peers)
        shutil.copytree(theirs, ours, symlinks=True)
        nauditd_machine(ours, binaries)
        left, right = results(theirs), results(ours)
    different = {name for name in left | right if left.get(name) != right.get(name)}
    for name in sorted(different):
        print(f"{name}: {left.get(name)} with auditd, {right.get(name)} with nauditd")
    count = {word: list(left.values()).count(word) for word in sorted(set(left.values()))}
    print(f"{len(left)} definitions about audit ({', '.join(f'{n} {word}' for word, n in count.items())}), {len(different)} different")
    return 1 if different or count.get("true", 0) == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
