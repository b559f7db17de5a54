#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An installed copy of libnaudit, as others find and use it: installed_test.py SOURCE BUILD --compiler=C++ --flags=LIST"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

COMPONENTS = ("libnaudit", "libnaudit-dev")
LOG = "tools/sample.log"


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
        cls.prefix = cls.root / "usr"
        for component in COMPONENTS:
            run("cmake", "--install", BUILD, "--prefix", cls.prefix, "--component", component)
        cls.lib = next(cls.prefix.glob("**/libnaudit.so")).parent
        cls.environment = {**os.environ, "LD_LIBRARY_PATH": str(cls.lib), "LC_ALL": "C.UTF-8",
                           "PKG_CONFIG_PATH": str(cls.lib / "pkgconfig")}
        # As the library was compiled, sanitizers included; warnings are errors.
        cls.compile = [*FLAGS, "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
        cls.log = (SOURCE / LOG).read_bytes()
        cls.json = run(BUILD / "bin/nauditctl", "convert", "--jobs", "1", SOURCE / LOG)

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
            run("cc", f"-std={standard}", *self.compile, "-Wstrict-prototypes", "-fsyntax-only", source,
                "-I", self.prefix / "include")

    def test_the_example_in_c(self):
        program = self.build(["cc", "-std=c11", "-D_POSIX_C_SOURCE=200809L"], "events.c")
        self.assertEqual(run(program, input=self.log, env=self.environment), self.json)

    def test_cmake_finds_it(self):
        project = self.root / "project"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(uses C)\nfind_package(naudit 0.1 REQUIRED)\n"
            f"add_executable(uses {SOURCE}/library/examples/events.c)\ntarget_link_libraries(uses PRIVATE naudit::naudit)\n")
        run("cmake", "-S", project, "-B", project / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_C_FLAGS={' '.join(FLAGS)}")
        run("cmake", "--build", project / "build")
        self.assertEqual(run(project / "build/uses", input=self.log), self.json)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--flags", default="")
    arguments, rest = parser.parse_known_args()
    SOURCE, BUILD, COMPILER = arguments.source.resolve(), arguments.build.resolve(), arguments.compiler
    FLAGS = [flag for flag in arguments.flags.split(";") if flag.startswith(("-fsanitize", "-fno-sanitize"))]
    unittest.main(argv=[sys.argv[0], *rest])
