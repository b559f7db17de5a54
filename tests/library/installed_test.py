#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An installed copy of libnaudit, as others find and use it: installed_test.py SOURCE BUILD --compiler=C++ --flags=LIST"""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

parser = argparse.ArgumentParser()
parser.add_argument("source", type=pathlib.Path)
parser.add_argument("build", type=pathlib.Path)
parser.add_argument("--compiler", required=True)
parser.add_argument("--flags", default="")
parser.add_argument("--auparse", action="store_true")
arguments, rest = parser.parse_known_args([word for word in sys.argv[1:] if word])
SOURCE, BUILD, COMPILER = arguments.source.resolve(), arguments.build.resolve(), arguments.compiler
AUPARSE = arguments.auparse
FLAGS = [flag for flag in arguments.flags.split(";") if flag.startswith(("-fsanitize", "-fno-sanitize"))]
C_COMPILER = "cc"
if "clang" in COMPILER:
    C_COMPILER = COMPILER.replace("clang++", "clang")
    # A program in C that loads a library in C++ has the sanitizer's part for C++, too.
    FLAGS += ["-fsanitize-link-c++-runtime", "-lstdc++", "-Wno-unused-command-line-argument"] if FLAGS else []
COMPONENTS = ("libnaudit", "libnaudit-dev", "python3-naudit")
# The sample has nobody who is refused a file, and no path with a blank.
REFUSED = b"".join(
    b"type=SYSCALL msg=audit(1700000100.000:%d): arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=0 a2=0 a3=0 "
    b'items=1 ppid=1 pid=2 auid=4294967295 uid=1000 gid=1000 ses=4294967295 comm="cat" exe="/usr/bin/%s" key=(null)\n'
    b'type=CWD msg=audit(1700000100.000:%d): cwd="/"\n'
    b"type=PATH msg=audit(1700000100.000:%d): item=0 name=%s inode=1 dev=fd:01 mode=0100600 ouid=0 ogid=0 nametype=NORMAL\n"
    b"type=PROCTITLE msg=audit(1700000100.000:%d): proctitle=636174\n" % (i, program, i, i, path, i)
    for i, program, path in ((1, b"cat", b'"/etc/shadow"'), (2, b"cat", b"2F612062"), (3, b"cat", b'"/etc/shadow"'),
                             (4, b"vi", b'"/etc/shadow"')))


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.root.chmod(0o755)  # nobody looks in, too
        cls.prefix = cls.root / "usr"
        for component in COMPONENTS:
            run("cmake", "--install", BUILD, "--prefix", cls.prefix, "--component", component)
        cls.lib = next(cls.prefix.glob("**/libnaudit.so")).parent
        cls.environment = {**os.environ, "LD_LIBRARY_PATH": str(cls.lib), "LC_ALL": "C.UTF-8",
                           "PKG_CONFIG_PATH": str(cls.lib / "pkgconfig")}
        # As the library was compiled, sanitizers included; warnings are errors.
        cls.compile = [*FLAGS, "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
        cls.log = (SOURCE / "tools/sample.log").read_bytes() + REFUSED
        (cls.root / "log").write_bytes(cls.log)
        cls.json = run(BUILD / "bin/nauditctl", "convert", "--jobs", "1", cls.root / "log")
        cls.events = [json.loads(line) for line in cls.json.splitlines()]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def pkg_config(self):
        return run("pkg-config", "--cflags", "--libs", "naudit", env=self.environment).decode().split()

    def build(self, compiler, source, *options):
        program = self.root / pathlib.Path(source).stem
        run(*compiler, *self.compile, *options, "-o", program, SOURCE / "library/examples" / source, *self.pkg_config())
        return program

    def test_only_the_functions_of_the_header_are_exported(self):
        declared = set(re.findall(r"^NAUDIT_API [^(]*?\b(naudit_\w+)\(", (self.prefix / "include/naudit.h").read_text(), re.M))
        script = (SOURCE / "library/exports.map").read_text()
        version = re.search(r"^(NAUDIT_[0-9.]+) \{$", script, re.M)[1]
        listed = re.findall(r"^    (naudit_\w+);$", script, re.M)
        self.assertEqual(listed, sorted(declared))
        exported = run("nm", "--dynamic", "--defined-only", "--with-symbol-versions", self.lib / "libnaudit.so").decode()
        names = [line.split(" ", 2)[2] for line in exported.splitlines() if " A " not in line]  # the node itself
        self.assertEqual(sorted(names), sorted(f"{name}@@{version}" for name in declared))

    def test_the_library_says_its_name(self):
        head = run("readelf", "--dynamic", "--wide", self.lib / "libnaudit.so").decode()
        self.assertRegex(head, r"Library soname: \[libnaudit\.so\.0\]")
        self.assertNotRegex(head, r"RUNPATH|RPATH")

    def test_the_header_is_c(self):
        source = self.root / "alone.c"
        source.write_text("#include <naudit.h>\nint main(void) { return naudit_version() == 0; }\n")
        for standard in ("c99", "c11", "c17"):
            run(C_COMPILER, f"-std={standard}", *self.compile, "-Wstrict-prototypes", "-fsyntax-only", source,
                "-I", self.prefix / "include")

    def test_the_example_in_c(self):
        program = self.build([C_COMPILER, "-std=c11", "-D_POSIX_C_SOURCE=200809L"], "events.c")
        self.assertEqual(run(program, input=self.log, env=self.environment), self.json)

    def test_the_example_in_cpp(self):
        expected = [f"{event['id']} {event['subject'].get('auid_name', event['subject'].get('auid'))} "
                    f"{'ran' if event['outcome'] == 'success' else 'may not run'} "
                    f"{' '.join(event['records']['execve']['argv'])}" for event in self.events
                    if "execve" in event["records"]]
        self.assertGreater(len(expected), 2)
        program = self.build([COMPILER, "-std=c++17"], "executions.cpp")
        self.assertEqual(run(program, input=self.log, env=self.environment).decode().splitlines(), expected)

    def test_the_header_is_cpp(self):
        """What a program may do with it, and what comes out when it goes wrong."""
        program = self.root / "face"
        run(COMPILER, "-std=c++20", *self.compile, "-o", program, SOURCE / "tests/library/face.cpp", *self.pkg_config())
        run(program, env=self.environment)

    def python(self, *command, **options):
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(self.module.parent), "PYTHONMALLOC": "malloc"}
        if FLAGS:
            # Python has neither: the sanitizer has to be first, and to find what it stands before. The leaks are Python's own.
            runtime = "libclang_rt.asan-x86_64.so" if "clang" in COMPILER else "libasan.so"
            files = [run(COMPILER, f"-print-file-name={name}").decode().strip() for name in (runtime, "libstdc++.so.6")]
            environment |= {"LD_PRELOAD": " ".join(map(os.path.realpath, files)), "ASAN_OPTIONS": "detect_leaks=0"}
        return run(sys.executable, "-W", "error", *command, env=environment, **options)

    def setUp(self):
        self.module = next(self.prefix.glob("**/naudit.py"))

    def test_the_example_in_python(self):
        expected = collections.Counter()
        for event in self.events:
            if event.get("outcome") == "failure" and "path" in event["records"]:
                call = event["records"]["syscall"]
                expected[call["exe"], event["object"]["path"]] += 1
        lines = [f"{times} {program} {path}" for (program, path), times in sorted(expected.items())]
        self.assertEqual(len(lines), 3)
        output = self.python(SOURCE / "library/examples/files.py", input=self.log)
        self.assertEqual(output.decode().splitlines(), lines)

    def test_the_module_in_python(self):
        self.python(SOURCE / "tests/library/module_test.py", SOURCE)
        self.assertTrue((self.prefix / "share/man/man3/naudit.3").exists())
        self.assertEqual(self.python("-c", "import importlib.metadata as m; print(m.version('naudit'))").decode().strip(),
                         re.search(r"VERSION ([0-9.]+)", (SOURCE / "CMakeLists.txt").read_text().split("project(", 1)[1])[1])

    def page(self, language):
        return re.findall(rf"^```{language}\n(.*?)^```$", (SOURCE / "docs/library.md").read_text(), re.M | re.S)

    def test_the_programs_of_the_page(self):
        """The same from auparse and from ours."""
        with_auparse, with_ours, of_kernel = self.page("c")
        for name, text in (("auparse", with_auparse), ("ours", with_ours), ("kernel", of_kernel)):
            (self.root / f"{name}.c").write_text(text)
        compiler = [C_COMPILER, "-std=c11", "-D_GNU_SOURCE", *self.compile]
        run(*compiler, "-o", self.root / "ours", self.root / "ours.c", *self.pkg_config())
        run(*compiler, "-o", self.root / "kernel", self.root / "kernel.c", *self.pkg_config())
        ours = run(self.root / "ours", input=self.log, env=self.environment)
        calls = [event for event in self.events if "syscall" in event["records"]]
        self.assertEqual(len(ours.splitlines()), len(calls))
        if AUPARSE:
            run(C_COMPILER, "-std=c11", "-o", self.root / "auparse", self.root / "auparse.c", "-lauparse", "-laudit")
            self.assertEqual(run(self.root / "auparse", input=self.log), ours)
        # Nobody's user may not read the kernel's records, and is told so.
        denied = subprocess.run([self.root / "kernel"], env=self.environment, capture_output=True, check=False, timeout=60,
                                **({"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}))
        self.assertEqual(denied.returncode, 1)
        self.assertIn(b"CAP_AUDIT_READ", denied.stderr)

    def test_the_python_of_the_page(self):
        program, = self.page("python")
        path = "/var/log/audit/audit.log"
        self.assertIn(path, program)
        output = self.python("-c", program.replace(path, str(self.root / "log"))).decode().splitlines()
        self.assertEqual(output, ["405 /usr/bin/cat /etc/shadow", "1 /usr/bin/cat /etc/shadow", "2 /usr/bin/cat /a b", "3 /usr/bin/cat /etc/shadow",
                                  "4 /usr/bin/vi /etc/shadow"])

    def test_cmake_finds_it(self):
        project = self.root / "project"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(uses C)\nfind_package(naudit 0.1 REQUIRED)\n"
            f"add_executable(uses {SOURCE}/library/examples/events.c)\ntarget_link_libraries(uses PRIVATE naudit::naudit)\n")
        run("cmake", "-S", project, "-B", project / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_C_COMPILER={C_COMPILER}", f"-DCMAKE_C_FLAGS={' '.join(FLAGS)}")
        run("cmake", "--build", project / "build")
        self.assertEqual(run(project / "build/uses", input=self.log), self.json)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *rest])
