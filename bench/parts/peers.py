# SPDX-License-Identifier: Apache-2.0
"""Debian's auditd, alone and with laurel: found, configured, started. Nothing of them is installed or put under /etc."""

import os
import re
import shutil
import subprocess

from parts import outputs
from parts.contenders import Contender, write

AUDITD = """\
log_file = {folder}/out.log
log_format = {format}
flush = INCREMENTAL_ASYNC
freq = 50
q_depth = 2000
priority_boost = 4
name_format = NONE
num_logs = 0
max_log_file_action = IGNORE
space_left = 75
space_left_action = IGNORE
admin_space_left = 50
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
plugin_dir = {folder}/plugins
"""

PLUGIN = """\
active = yes
direction = out
type = always
format = string
path = {folder}/laurel
args = --config {folder}/laurel.toml
"""


class Peers:
    """Where Debian's programs are: unpacked by tools/fetch-peers, or installed. None for one that cannot be had."""

    def __init__(self, root, fetch):
        folder = os.environ.get("NAUDIT_PEERS") or (fetched(root) if fetch else f"{root}/build/peers")
        path = os.pathsep.join([f"{folder}/bin", os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
        for name in ("auditd", "laurel", "nginx", "wrk", "postmark"):
            setattr(self, name, shutil.which(name, path=path))
        # The wrappers in bin/ are for people; a plugin has to be the program itself.
        for name, place in (("laurel", "usr/sbin/laurel"), ("laurel_config", "etc/laurel/config.toml")):
            candidates = [f"{folder}/{place}", f"/{place}"]
            setattr(self, name, next((one for one in candidates if os.path.exists(one)), None))
        self.folder = folder

    def contenders(self):
        found = []
        if self.auditd:
            found += [auditd(self.auditd, "RAW"), auditd(self.auditd, "ENRICHED")]
            if self.laurel and self.laurel_config:
                found.append(with_laurel(self.auditd, self.laurel, self.laurel_config))
        return found

    def missing(self):
        return [name for name in ("auditd", "laurel", "nginx", "wrk", "postmark") if not getattr(self, name)]

    def versions(self):
        return ", ".join(f"{name} {version(self.folder, name)}" for name in ("auditd", "laurel", "nginx", "wrk", "postmark")
                         if getattr(self, name))


def fetched(root):
    """The folder of tools/fetch-peers; one that is not there when it fails, which it says by itself. As the one whom the
    source belongs to, who has to be able to replace it."""
    owner = os.stat(root)
    done = subprocess.run([f"{root}/tools/fetch-peers"], stdout=subprocess.PIPE, text=True, check=False, user=owner.st_uid,
                          group=owner.st_gid, extra_groups=[])
    return done.stdout.strip() if done.returncode == 0 else f"{root}/build/peers"


def version(folder, package):
    """Of the package that was unpacked, else of the one that is installed."""
    packages = f"{folder}/packages"
    for name in os.listdir(packages) if os.path.isdir(packages) else []:
        if name.startswith(f"{package}_"):
            return name.split("_")[1].replace("%3a", ":")
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "(version unknown)"


def configure(folder, form):
    os.mkdir(f"{folder}/plugins", mode=0o700)
    write(f"{folder}/auditd.conf", AUDITD.format(folder=folder, format=form))


def auditd(program, form):
    def prepare(folder):
        configure(folder, form)
        return [program, "-n", "-s", "nochange", "-c", folder]
    return Contender(f"auditd {form.lower()}", prepare, outputs.lines, share=0.25)


def laurel_config(text, folder):
    """Debian's, but for its folder, its user, who is not here (it stays root, and may read /proc as that user may), and
    its rotation, after which nothing could be counted."""
    text = re.sub(r"(?m)^directory *=.*$", f'directory = "{folder}"', text)
    text = re.sub(r"(?m)^user *=.*$", "", text)
    text = re.sub(r"(?m)^size *=.*$", "size = 100000000000", text)
    return re.sub(r'(?m)^file *= *"audit.log"$', 'file = "laurel.log"', text)


def with_laurel(program, laurel, config):
    def prepare(folder):
        configure(folder, "ENRICHED")
        # auditd starts only what is root's.
        shutil.copyfile(laurel, f"{folder}/laurel")
        os.chmod(f"{folder}/laurel", 0o750)
        with open(config, encoding="utf-8") as file:
            write(f"{folder}/laurel.toml", laurel_config(file.read(), folder))
        write(f"{folder}/plugins/laurel.conf", PLUGIN.format(folder=folder))
        return [program, "-n", "-s", "nochange", "-c", folder]
    return Contender("auditd+laurel", prepare, outputs.laurel, share=0.125, files=("laurel.log", "out.log"))
