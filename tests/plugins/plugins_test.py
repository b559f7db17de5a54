# SPDX-License-Identifier: Apache-2.0
"""nauditd as the host of auditd's plugins, as a whole: the programs that docs/plugins.md shows, compiled here, and Debian's own,
unmodified. As another user than root what needs a mount namespace of its own is left out, and said.

    plugins_test.py SOURCE BUILD PEERS CC"""

import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

SOURCE, BUILD, PEERS = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
CC = sys.argv[4]
NAUDITD = str(BUILD / "bin" / "nauditd")
LONG = 120  # seconds: no limit on speed, only an end
IS_ROOT = os.geteuid() == 0


def syscall(serial, more=""):
    stamp = f"msg=audit(1700000000.{serial % 1000:03}:{serial})"
    return [f"type=SYSCALL {stamp}: arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7ffc a2=80000 a3=0 items=1 ppid=1 "
            f"pid={serial} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm=\"cat\" "
            f"exe=\"/usr/bin/cat\" subj=unconfined key=\"access\"{more}",
            f"type=CWD {stamp}: cwd=\"/root\"",
            f"type=PATH {stamp}: item=0 name=\"/etc/shadow\" inode=1 dev=08:01 mode=0100640 ouid=0 ogid=42 rdev=00:00 "
            f"nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0",
            f"type=PROCTITLE {stamp}: proctitle=636174002F6574632F736861646F77",
            f"type=EOE {stamp}:"]


def login(serial, result):
    return [f"type=USER_LOGIN msg=audit(1700000000.{serial % 1000:03}:{serial}): pid={serial} uid=0 auid=1000 ses=3 msg='op=login "
            f"acct=\"jo{serial}\" exe=\"/usr/sbin/sshd\" hostname=? addr=10.0.0.7 terminal=ssh res={result}'"]


def log_of(events):
    lines = []
    for serial in range(1, events + 1):
        lines += login(serial, "failed" if serial % 4 == 0 else "success") if serial % 2 == 0 else syscall(serial)
    return lines


class Folder:
    def __init__(self, test):
        made = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        test.addCleanup(made.cleanup)
        self.path = pathlib.Path(made.name)
        for name in ("plugins.d", "state"):
            self.path.joinpath(name).mkdir(mode=0o700)

    def __call__(self, name):
        return str(self.path / name)

    def write(self, name, text, mode=0o640):
        self.path.joinpath(name).write_text(text, encoding="utf-8")
        os.chmod(self(name), mode)
        return self(name)

    def program(self, name, text):
        return self.write(name, text, 0o750)

    def read(self, name):
        try:
            return self.path.joinpath(name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def plugin(self, name, path, more="", active="yes"):
        self.write(f"plugins.d/{name}.conf", f"active = {active}\ndirection = out\npath = {path}\ntype = always\n{more}\n")

    def config(self, plugins="", sinks="", more=""):
        return self.write("nauditd.yaml", f"plugins: {{directories: [plugins.d]{plugins}}}\nsinks:\n"
                          f"  - {{name: log, type: file, path: out.raw, format: raw}}\n{sinks}{more}"
                          f"rules: {{files: []}}\ndaemon: {{state_directory: state, control_socket: control.sock}}\n")


def replay(folder, lines, before=(), env=None):
    folder.write("log", "\n".join(lines) + "\n")
    done = subprocess.run([*before, NAUDITD, "-c", folder("nauditd.yaml"), "--replay", folder("log")], capture_output=True, text=True,
                          timeout=LONG, env=env, check=False)
    return done


def until(true, what):
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def examples(language):
    """The blocks of this language in docs/plugins.md, in their order."""
    text = (SOURCE / "docs" / "plugins.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```\n", text, re.M | re.S)


class Examples(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)
        self.lines = log_of(40)
        self.failed = [line for line in self.lines if "res=failed" in line]
        self.folder.program("record", "#!/bin/sh\n[ -n \"$1\" ] && echo \"$@\" >> " + self.folder("said") + "\n")

    def compiled(self, index):
        code = self.folder.write(f"{index}.c", examples("c")[index])
        program = self.folder(f"program{index}")
        subprocess.run([CC, "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-O1", "-o", program, code, "-lauparse"],
                       check=True, timeout=LONG)
        os.chmod(program, 0o750)
        return program

    def piped(self, command):
        subprocess.run(command, input="\n".join(self.lines) + "\n", text=True, env={}, check=True, timeout=LONG)

    def test_record_fields_are_those_of_a_pipe(self):
        program = self.compiled(0)
        self.piped([program, self.folder("piped")])
        self.folder.plugin("fields", program, f"args = {self.folder('hosted')}")
        self.folder.config()
        done = replay(self.folder, self.lines)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("record type 1300(SYSCALL) has 27 fields", self.folder.read("hosted"))
        self.assertEqual(self.folder.read("hosted"), self.folder.read("piped"))

    def test_what_a_plugin_says_goes_where_nauditd_does(self):
        self.folder.plugin("fields", self.compiled(0))
        self.folder.config()
        done = replay(self.folder, syscall(1))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("record type 1300(SYSCALL) has 27 fields\n", done.stdout)

    def test_logins_are_acted_on(self):
        program = self.compiled(1)
        self.folder.plugin("login-alert", program, f"args = {self.folder('record')}")
        self.folder.config()
        done = replay(self.folder, self.lines)
        self.assertEqual(done.returncode, 0, done.stderr)
        hosted = self.folder.read("said")
        self.assertEqual(len(hosted.splitlines()), 20)
        self.assertIn("jo4 failed\n", hosted)
        os.remove(self.folder("said"))
        self.piped([program, self.folder("record")])
        self.assertEqual(hosted, self.folder.read("said"))

    def test_the_shell_example(self):
        self.folder.program("failed-logins", examples("sh")[0])
        self.folder.plugin("failed-logins", self.folder("failed-logins"), f"args = {self.folder('record')} -t x")
        self.folder.config(", names: false")
        done = replay(self.folder, self.lines)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.folder.read("said").splitlines(), [f"-t x {line}" for line in self.failed])

    def test_the_python_example_reads_json(self):
        self.folder.program("who", examples("python")[0])
        self.folder.config(sinks=f"  - {{name: who, type: plugin, command: [{self.folder('who')}, {self.folder('out')}], format: json,\n"
                                 f"     filter: type == USER_LOGIN}}\n")
        done = replay(self.folder, self.lines)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.folder.read("out").splitlines()[1], "2023-11-14T22:13:20.004Z jo4 10.0.0.7 failure")
        self.assertEqual(len(self.folder.read("out").splitlines()), 20)


DUMP = """#!/usr/bin/python3 -I
import os, sys
out = open(sys.argv[1], "wb", buffering=0)
fds = sorted(int(one) for one in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{one}"))
out.write(repr([sys.argv[2:], dict(os.environ), os.getppid(), [fd for fd in fds if fd < 3]]).encode() + b"\\n")
while True:
    piece = os.read(0, 65536)
    if not piece:
        break
    out.write(piece)
out.close()
"""


class Contract(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)
        self.folder.program("dump", DUMP)

    def hosted(self, more, plugins="", lines=None):
        self.folder.plugin("dump", self.folder("dump"), f"args = {self.folder('dumped')} a $b\n{more}")
        self.folder.config(plugins)
        done = replay(self.folder, log_of(30) if lines is None else lines)
        self.assertEqual(done.returncode, 0, done.stderr)
        head, _, rest = (self.folder.path / "dumped").read_bytes().partition(b"\n")
        return head.decode(), rest

    def test_records_come_in_their_order_with_the_end_of_events(self):
        head, rest = self.hosted("format = string", ", names: false")
        self.assertRegex(head, r"^\[\['a', '\$b'\], \{('LC_CTYPE': '[^']*')?\}, \d+, \[0, 1, 2\]\]$")
        self.assertEqual(rest.decode().splitlines(), log_of(30))

    def test_names_stand_behind_records(self):
        _, rest = self.hosted("format = string", lines=[one + "\x1dAUID=\"jo\" UID=\"root\"" if "USER_LOGIN" in one else one
                                                        for one in log_of(4)])
        lines = rest.decode().split("\n")[:-1]  # 0x1D ends a line, to splitlines
        self.assertEqual(len(lines), 12)
        self.assertTrue(lines[5].endswith("res=success'\x1dAUID=\"jo\" UID=\"root\""), lines[5])
        self.assertIn("\x1dARCH=x86_64 SYSCALL=openat", lines[0])
        self.assertEqual(lines[4], syscall(1)[4])

    def test_binary_frames(self):
        for plugins, version in ((", names: false", 0), ("", 1)):
            _, rest = self.hosted("format = binary", plugins)
            types, texts = [], []
            while rest:
                head = struct.unpack("=IIII", rest[:16])
                self.assertEqual(head[:2], (version, 16))
                types.append(head[2])
                texts.append(rest[16:16 + head[3]].decode())
                self.assertEqual(len(texts[-1].encode()), head[3])
                rest = rest[16 + head[3]:]
            self.assertEqual(types[:6], [1300, 1307, 1302, 1327, 1320, 1112])
            self.assertEqual(len(types), 15 * 6)
            wanted = log_of(30)
            if version == 0:
                self.assertEqual([text.strip() for text in texts], [line.split(" msg=", 1)[1] for line in wanted])
            else:
                self.assertEqual([text.split("\x1d")[0] for text in texts], wanted)

    def test_a_bad_file_is_told_and_the_others_run(self):
        bad = {
            "key": ("active = yes\npath = /bin/cat\nsurprise = 1\n", 0o640, ":3:1: there is no key 'surprise'"),
            "equals": ("active=yes\n", 0o640, ":1:1: expected blanks around a '='"),
            "write": ("active = yes\npath = /bin/cat\n", 0o662, "can be written by everybody"),
            "gone": ("active = yes\npath = /sbin/there-is-none\n", 0o640, "cannot start '/sbin/there-is-none'"),
            "short": ("active = yes\npath = /x\n", 0o640, "expected a program in a folder"),
            "none": ("active = yes\n", 0o640, "it is active and has no 'path'"),
        }
        for name, (text, mode, _) in bad.items():
            self.folder.write(f"plugins.d/{name}.conf", text, mode)
        _, rest = self.hosted("")
        self.assertEqual(rest.count(b"\n"), 15 * 6)
        checked = subprocess.run([NAUDITD, "-c", self.folder("nauditd.yaml"), "--check"], capture_output=True, text=True, timeout=LONG,
                                 check=False)
        replayed = replay(self.folder, log_of(2)).stderr
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn(f"# sink 'plugin-dump', of type plugin: {self.folder('plugins.d/dump.conf')}\n", checked.stdout)
        for name, (_, _, why) in bad.items():
            for said in (replayed, checked.stdout):
                self.assertRegex(said, re.escape(self.folder(f"plugins.d/{name}.conf")) + "[^\n]*" + re.escape(why))

    def test_one_that_never_reads_holds_up_nobody(self):
        self.folder.program("stuck", "#!/bin/sh\nexec sleep 1000\n")
        self.folder.config(sinks=f"  - {{name: stuck, type: plugin, command: [{self.folder('stuck')}], queue: {{size: 64KiB}},\n"
                                 f"     format: audispd, grace: 0s, kill_after: 0s}}\n")
        self.folder.plugin("dump", self.folder("dump"), f"args = {self.folder('dumped')}")
        lines = log_of(3000)
        done = replay(self.folder, lines)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"sink 'stuck' has lost \d+ events")
        self.assertNotIn("plugin-dump", done.stderr)
        self.assertEqual((self.folder.path / "dumped").read_bytes().count(b"\n"), len(lines) + 1)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Running:
    """nauditd without a kernel: what comes to it over a source of type stream."""

    def __init__(self, test, folder, plugins="", sinks="", before=()):
        self.port = free_port()
        folder.config(plugins, sinks,
                      f"kernel: {{mode: none}}\nsources: [{{name: in, type: stream, listen: '127.0.0.1:{self.port}'}}]\n")
        self.log = open(folder("messages"), "w", encoding="utf-8")  # pylint: disable=consider-using-with
        self.process = subprocess.Popen([*before, NAUDITD, "-c", folder("nauditd.yaml")], stderr=self.log)  # pylint: disable=consider-using-with
        test.addCleanup(self.end)
        until(lambda: os.path.exists(folder("control.sock")), "it has not started: " + folder.read("messages"))
        self.folder = folder

    def send(self, lines):
        with socket.create_connection(("127.0.0.1", self.port), timeout=LONG) as peer:
            peer.sendall(("\n".join(lines) + "\n").encode())
            peer.shutdown(socket.SHUT_WR)
            peer.recv(1)

    def reload(self):
        before = self.folder.read("messages").count("the configuration was reloaded")
        self.process.send_signal(signal.SIGHUP)
        until(lambda: self.folder.read("messages").count("the configuration was reloaded") > before,
              "no reload: " + self.folder.read("messages"))

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(LONG)
        self.log.close()
        return self.process.returncode


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Reloads(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)
        # Its pid, its rights, each signal, each record.
        self.folder.program("plugin", "#!/bin/sh\necho $$ >> $1.pid.new; mv $1.pid.new $1.pid\n"
                            "grep -E '^(CapEff|NoNewPrivs)' /proc/$$/status > $1.caps\n"
                            "trap 'echo hup >> '$1'.hup' HUP\ntrap 'echo term >> '$1'.term; exit 0' TERM\n"
                            "exec 3<&0; cat >> $1.out <&3 &\nwhile kill -0 $! 2> /dev/null; do wait $!; done\nwhile :; do sleep 1000 & wait $!; done\n")
        self.folder.write("caps", f"grep -E '^(CapEff|NoNewPrivs)' /proc/$$/status > {self.folder('exec.caps')}\nexec cat\n")

    def pid(self, name):
        until(lambda: self.folder.read(name + ".pid"), f"{name} is not started: " + self.folder.read("messages"))
        return int(self.folder.read(name + ".pid").split()[-1])

    def test_a_file_that_comes_changes_and_goes(self):
        # What a confined command may write to.
        pathlib.Path(self.folder("exec.caps")).touch()
        self.folder.plugin("one", self.folder("plugin"), f"args = {self.folder('one')}", active="no")
        daemon = Running(self, self.folder, sinks="  - {name: cat, type: exec, command: [/bin/sh, " + self.folder("caps") + "]}\n")
        self.assertFalse(self.folder.read("one.pid"))
        self.folder.plugin("one", self.folder("plugin"), f"args = {self.folder('one')}")
        daemon.reload()
        first = self.pid("one")
        daemon.send(log_of(4))
        until(lambda: "jo4" in self.folder.read("one.out"), self.folder.read("messages"))
        self.assertIn("type=EOE ", self.folder.read("one.out"))
        self.assertIn("type=DAEMON_CONFIG ", self.folder.read("one.out"))
        # As it was: told.
        daemon.reload()
        until(lambda: self.folder.read("one.hup"), "no SIGHUP")
        self.assertEqual(self.pid("one"), first)
        # Killed: started again.
        os.kill(first, signal.SIGKILL)
        until(lambda: self.pid("one") != first, "not started again")
        second = self.pid("one")
        # Another: the old one is ended by its parent.
        self.folder.plugin("one", self.folder("plugin"), f"args = {self.folder('two')}")
        daemon.reload()
        third = self.pid("two")
        until(lambda: not is_running(second), "the old one still runs")
        self.assertEqual(self.folder.read("one.term"), "term\n")
        # A bad one beside it.
        self.folder.write("plugins.d/bad.conf", "active = perhaps\n")
        daemon.reload()
        self.assertIn("expected yes or no, not 'perhaps'", self.folder.read("messages"))
        until(lambda: "op=plugin-not-started" in self.folder.read("two.out"), "not told")
        self.assertEqual(self.pid("two"), third)
        if IS_ROOT:
            own = pathlib.Path("/proc/self/status").read_text(encoding="utf-8")
            kept = re.search(r"^CapEff.*$", own, re.M)[0] + "\nNoNewPrivs:\t0\n"
            until(lambda: self.folder.read("two.caps").count("\n") == 2, "no rights told")
            self.assertEqual(self.folder.read("two.caps"), kept)
            until(lambda: self.folder.read("exec.caps").count("\n") == 2, "no rights of a command told")
            self.assertEqual(self.folder.read("exec.caps"), "CapEff:\t0000000000000000\nNoNewPrivs:\t1\n")
        self.assertEqual(daemon.end(), 0)
        self.assertFalse(is_running(third))
        self.assertEqual(self.folder.read("two.term"), "term\n")


IN_NAMESPACE = """set -e
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/dev"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/upper,workdir=$1/work" /etc
mkdir -p /etc/audit
cp "$2" /etc/audit/audisp-remote.conf
chmod 640 /etc/audit/audisp-remote.conf
mknod -m 666 "$1/dev/null" c 1 3
ln -s "$3" "$1/dev/log"
mount --bind "$1/dev" /dev
shift 3
exec "$@"
"""


@unittest.skipUnless(IS_ROOT, "mounts: root only")
class Debians(unittest.TestCase):
    """Unmodified, in a mount namespace with a /dev/log and an /etc/audit of its own."""

    def setUp(self):
        self.folder = Folder(self)
        self.folder.path.joinpath("mounts").mkdir()
        self.folder.write("audisp-remote.conf", "remote_server = 127.0.0.1\n")

    def check(self, got):
        """A log is sent to nauditd; `got()` has to become its records, which then have a node."""
        before = ["unshare", "--mount", "sh", "-c", IN_NAMESPACE, "sh", self.folder("mounts"), self.folder("audisp-remote.conf"),
                  self.folder("devlog")]
        daemon = Running(self, self.folder, ", names: false", before=before)
        lines = log_of(6)
        daemon.send(lines)
        records = [line for line in lines if not line.startswith("type=EOE")]

        def own():
            found = [re.sub(r"^node=\S+ ", "", one) for one in got() if "msg=audit(1700000000." in one]
            return [one for one in found if not one.startswith("type=EOE")]

        until(lambda: len(own()) >= len(records), "got " + "\n".join(got()) + self.folder.read("messages"))
        self.assertEqual(own(), records)
        self.assertEqual(daemon.end(), 0)

    def test_audisp_syslog(self):
        log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(log.close)
        log.bind(self.folder("devlog"))
        log.settimeout(LONG)
        got = []

        def read():
            while True:
                got.append(log.recv(65536).decode())

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        self.folder.plugin("syslog", PEERS / "sbin" / "audisp-syslog", "args = LOG_INFO LOG_LOCAL3")
        self.check(lambda: [re.sub(r"^<158>.*?: (?=type=|node=)", "", one).strip() for one in got])

    def test_audisp_remote(self):
        got = []
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def serve():
            peer, _ = server.accept()
            with peer, peer.makefile("rb") as stream:
                while (head := stream.read(16)) and len(head) == 16:
                    magic, _, _, kind, size, sequence = struct.unpack("<IBBIHI", head)
                    got.append((magic, kind, stream.read(size).decode()))
                    peer.sendall(struct.pack("<IBBIHI", 0xFF0000FE, 0, 0, 0x40000000, 0, sequence))

        threading.Thread(target=serve, daemon=True).start()
        conf = (PEERS / "etc/audit/audisp-remote.conf").read_text(encoding="utf-8")
        conf = conf.replace("remote_server = ", "remote_server = 127.0.0.1").replace("port = 60", f"port = {server.getsockname()[1]}")
        self.folder.write("audisp-remote.conf", conf)
        self.folder.plugin("au-remote", PEERS / "sbin" / "audisp-remote")
        # It leaves out EOE.
        self.check(lambda: [text.strip() for magic, kind, text in got if kind == 0])
        self.assertEqual({magic for magic, _, _ in got}, {0xFF0000FE})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
