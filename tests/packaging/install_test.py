#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""install_test.py PACKAGES PEERS: installs, upgrades, removes and purges the built packages beside Debian's auditd (from
PEERS) in a copy of this machine's file system that is thrown away, without a running systemd: what the maintainer scripts do to
files, links, masks and diversions. What they do to running services, a virtual machine has to show."""
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

LIBRARIES = ("libwrap0", "libnsl2", "libtirpc3", "libaudit1", "libauparse0")
UNITS = "etc/systemd/system"


class Machine:
    def __init__(self, base):
        self.root = base / "root"
        for name in ("root", "space"):
            (base / name).mkdir()
        self.mount("-t", "tmpfs", "tmpfs", base / "space")
        for name in ("upper", "work"):
            (base / "space" / name).mkdir()
        self.mount("-t", "overlay", "overlay", "-o",
                   f"lowerdir=/,upperdir={base}/space/upper,workdir={base}/space/work", self.root)
        self.mount("-t", "proc", "proc", self.root / "proc")
        # The /dev below is a mount of its own, which an overlay does not show.
        self.mount("--rbind", "/dev", self.root / "dev")
        (self.root / "tmp/packages").mkdir(parents=True, exist_ok=True)
        policy = self.root / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)

    @staticmethod
    def mount(*arguments):
        subprocess.run(["mount", *map(str, arguments)], check=True)

    def run(self, *command, code=0):
        done = subprocess.run(["chroot", self.root, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
                                   "DEBIAN_FRONTEND": "noninteractive"})
        if done.returncode != code:
            sys.exit(f"{command}: exit code {done.returncode}\n{done.stdout}")
        return done.stdout

    def install(self, *paths):
        inside = []
        for path in paths:
            copy = self.root / "tmp/packages" / path.name
            copy.write_bytes(path.read_bytes())
            inside.append("/tmp/packages/" + path.name)
        return self.run("dpkg", "--force-confold", "-i", *inside)

    def exists(self, name):
        path = self.root / name
        return path.exists() or path.is_symlink()


def check(truth, what):
    if not truth:
        sys.exit("not so: " + what)


def same_set(found, wanted, what):
    check(set(found) == set(wanted), f"{what}: {sorted(found)} and not {sorted(wanted)}")


def check_bill(folder):
    """What SPDX 2.3 demands of a document, and that it tells of these very files."""
    bill = json.loads(next(folder.glob("*.spdx.json")).read_text())
    check(bill["spdxVersion"] == "SPDX-2.3" and bill["dataLicense"] == "CC0-1.0" and bill["SPDXID"] == "SPDXRef-DOCUMENT",
          "the bill of materials is SPDX 2.3")
    check(bill["creationInfo"]["created"].endswith("Z") and bill["documentNamespace"].startswith("https://"), "it tells its making")
    known = [one["SPDXID"] for one in bill["packages"]]
    check(len(known) == len(set(known)), "its ids are unique")
    for relation in bill["relationships"]:
        for end in ("spdxElementId", "relatedSpdxElement"):
            check(relation[end] in [*known, "SPDXRef-DOCUMENT"], f"{relation[end]} is in the bill")
    files = {}
    for one in bill["packages"]:
        check(one["name"] and one["versionInfo"] and one["downloadLocation"] and "licenseDeclared" in one, f"{one} is whole")
        if "packageFileName" in one:
            files[one["packageFileName"]] = one["checksums"][0]["checksumValue"]
    same_set(files, [path.name for path in folder.glob("*.deb")], "the packages in the bill")
    for name, digest in files.items():
        check(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, f"the SHA-256 of {name}")
    names = {one["name"] for one in bill["packages"]}
    check({"libssl3", "libmnl0", "rapidjson-dev"} <= names, "it names what is loaded and what is compiled in")


def main():
    packages, peers = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    check_bill(packages)

    def ours(name):
        return next(packages.glob(f"{name}_*.deb"))

    def debians(name):
        return next(peers.glob(f"{name}_*.deb"))

    base = pathlib.Path(tempfile.mkdtemp(prefix="naudit-install-"))
    machine = Machine(base)
    wants = f"{UNITS}/multi-user.target.wants"
    absent = [name for name in LIBRARIES if "ii" not in machine.run("sh", "-c", f"dpkg-query -W -f '${{db:Status-Abbrev}}' {name} || true")]
    if absent:
        machine.install(*map(debians, absent))
    machine.install(debians("auditd"))
    check(machine.exists(f"{wants}/auditd.service"), "auditd is enabled to begin with")
    log = machine.root / "var/log/audit/audit.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("type=DAEMON_START msg=audit(1.000:1): op=start\n")
    auditd_files = {name: hashlib.sha256((machine.root / name).read_bytes()).hexdigest()
                    for name in ("etc/audit/auditd.conf", "etc/audit/rules.d/audit.rules", "var/log/audit/audit.log",
                                 "sbin/ausearch", "sbin/aureport", "sbin/auditd")}

    def auditd_is_untouched():
        for name, digest in auditd_files.items():
            check(hashlib.sha256((machine.root / name).read_bytes()).hexdigest() == digest, f"{name} is as it was")

    # Installed: in auditd's place, with no rule, and all of auditd's files there.
    machine.install(ours("nauditd"))
    check(machine.exists(f"{wants}/nauditd.service"), "nauditd is enabled")
    check(os.readlink(machine.root / UNITS / "auditd.service") == "/dev/null", "auditd is masked")
    check("masked" in machine.run("sh", "-c", "systemctl is-enabled auditd.service || true"), "systemd sees the mask")
    auditd_is_untouched()
    same_set(os.listdir(machine.root / "etc/naudit/rules.d"), ["README"], "rules in use")
    sets = sorted(os.listdir(machine.root / "usr/share/nauditd/rules"))
    check(len(sets) >= 4, f"there are sets of rules: {sets}")
    for name in sets:
        machine.run("nauditctl", "rules", "check", f"/usr/share/nauditd/rules/{name}")
    machine.run("nauditd", "--check")
    check("naudit:" in (machine.root / "etc/passwd").read_text(), "the user is there")
    check("3.0.9" in machine.run("auditctl", "-v"), "auditctl is still Debian's")

    # The drop-ins: two names, and no others.
    machine.install(ours("nauditd-auditctl"))
    check(os.readlink(machine.root / "usr/sbin/auditctl") == "nauditctl", "auditctl is ours")
    check("3.0.9" in machine.run("auditctl.auditd", "-v"), "Debian's is beside it")
    check("4.2.1" in machine.run("auditctl", "-v"), "auditctl speaks as 4.2.1")
    auditd_is_untouched()

    # An upgrade keeps what was changed; auditd's own one comes in its place.
    configuration = machine.root / "etc/naudit/nauditd.yaml"
    configuration.write_text(configuration.read_text() + "# changed by the administrator\n")
    (machine.root / "etc/naudit/rules.d/10-own.yaml").write_text("rules: []\n")
    diversions = machine.run("dpkg-divert", "--list", "*audit*")
    machine.install(ours("nauditd"), ours("nauditd-auditctl"))
    machine.install(debians("auditd"))
    check(configuration.read_text().endswith("# changed by the administrator\n"), "the configuration is kept")
    check(machine.run("dpkg-divert", "--list", "*audit*") == diversions, "diversions are as before the upgrade")
    check(os.readlink(machine.root / "usr/sbin/auditctl") == "nauditctl", "auditctl is ours after auditd's upgrade")
    check(os.readlink(machine.root / UNITS / "auditd.service") == "/dev/null", "auditd is masked after its upgrade")

    # Going back to auditd by hand is a choice that the next upgrade respects.
    machine.run("systemctl", "disable", "nauditd.service")
    machine.run("systemctl", "unmask", "auditd.service")
    machine.install(ours("nauditd"))
    check(not machine.exists(f"{wants}/nauditd.service"), "nauditd stays disabled")
    check(not machine.exists(f"{UNITS}/auditd.service"), "auditd stays unmasked")
    machine.run("systemctl", "enable", "nauditd.service")
    machine.run("systemctl", "mask", "auditd.service")

    # Removed: all as it was.
    machine.run("dpkg", "-r", "nauditd-auditctl")
    check("3.0.9" in machine.run("auditctl", "-v"), "auditctl is Debian's again")
    check("nauditd-auditctl" not in machine.run("dpkg-divert", "--list", "*"), "no diversion is left")
    for name in ("var/log/naudit", "var/lib/naudit"):
        (machine.root / name).mkdir(parents=True, exist_ok=True)
        (machine.root / name / "kept").write_text("kept\n")
    machine.run("dpkg", "-r", "nauditd")
    check(not machine.exists(f"{UNITS}/auditd.service"), "the mask is gone")
    check("enabled" in machine.run("systemctl", "is-enabled", "auditd.service"), "auditd is enabled as it was")
    check(configuration.exists() and machine.exists("var/log/naudit/kept"), "configuration and logs stay")
    auditd_is_untouched()
    check(machine.run("dpkg", "--verify", "auditd") == "", "auditd's files are those of its package")

    # Purged: nothing but what the administrator made.
    machine.run("dpkg", "-P", "nauditd-auditctl")
    machine.run("dpkg", "-P", "nauditd")
    same_set([str(path.relative_to(machine.root)) for path in (machine.root / "etc/naudit").rglob("*") if path.is_file()],
             ["etc/naudit/rules.d/10-own.yaml"], "what is left in /etc/naudit")
    for name in ("var/log/naudit", "var/lib/naudit", "var/lib/nauditd", f"{wants}/nauditd.service"):
        check(not machine.exists(name), f"{name} is gone")
    auditd_is_untouched()

    # Without auditd: nothing is missed.
    machine.run("dpkg", "-P", "auditd")
    machine.install(ours("nauditd"), ours("nauditd-auditctl"))
    check("4.2.1" in machine.run("auditctl", "-v"), "auditctl without auditd")
    machine.run("dpkg", "-P", "nauditd-auditctl", "nauditd")
    check(not machine.exists("usr/sbin/auditctl") and not machine.exists(f"{UNITS}/auditd.service"), "nothing is left")
    print("installed, upgraded, removed and purged beside auditd")


if os.environ.get("NAUDIT_OWN_MOUNTS") != "yes":
    # Mounts of its own: they end with the process, whatever happens to it.
    os.environ["NAUDIT_OWN_MOUNTS"] = "yes"
    os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])
main()
