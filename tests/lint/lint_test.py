#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each check of lint.py finds what it is there for: it is run over a small tree that does everything wrong."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import lint  # noqa: E402

HEAD = "// SPDX-License-Identifier: Apache-2.0\n// SPDX-FileCopyrightText: The nauditd authors\n"


class LintTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("config/a.hpp", HEAD + "#pragma once\n")
        self.write("output/o.hpp", HEAD + "#pragma once\n")
        self.write("daemon/d.hpp", HEAD + "#pragma once\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def found(self, check):
        return "\n".join(lint.CHECKS[check](self.root))

    def test_a_clean_tree_has_no_findings(self):
        self.write("output/o.cpp", HEAD + '#include "output/o.hpp"\n\n#include "config/a.hpp"\n\n#include <string>\n')
        for check in ("include_direction", "conventions", "spdx"):
            self.assertEqual(self.found(check), "")

    def test_an_include_against_the_flow_is_found(self):
        self.write("config/b.cpp", HEAD + '#include "output/o.hpp"\n')
        self.assertIn('config/b.cpp:3: config/ may not include "output/o.hpp"', self.found("include_direction"))

    def test_nauditctl_does_not_include_the_daemon(self):
        self.write("ctl/c.cpp", HEAD + '#include "daemon/d.hpp"\n')
        self.assertIn("ctl/ may not include", self.found("include_direction"))

    def test_a_unit_test_includes_only_what_its_folder_may(self):
        self.write("tests/config/b_test.cpp", HEAD + '#include "output/o.hpp"\n')
        self.assertIn("tests/ may not include", self.found("include_direction"))

    def test_a_relative_include_and_our_header_in_angle_brackets_are_found(self):
        self.write("config/b.cpp", HEAD + '#include "a.hpp"\n#include <config/a.hpp>\n')
        self.assertIn("not a path from the root", self.found("include_direction"))
        self.assertIn("write it in quotes", self.found("include_direction"))

    def test_heavy_and_misplaced_includes_are_found(self):
        self.write("output/b.cpp", HEAD + "#include <boost/asio.hpp>\n")
        self.write("output/c.cpp", HEAD + "#include <boost/beast/http.hpp>\n#include <catch2/catch.hpp>\n")
        found = self.found("conventions")
        self.assertIn("single headers of Asio", found)
        self.assertIn("output/c.cpp:3: HTTP is libcurl's", found)
        self.assertIn("tests/support/catch.hpp only", found)

    def test_a_path_that_is_not_there_is_found(self):
        self.write("README.md", "`config/gone.hpp`, `config/a.hpp`, `fuzz/fuzz_<noun>.cpp`, `x/config/b.hpp`\n[a](docs/gone.md)\n")
        self.write("output/o.cpp", HEAD + '#include "output/o.hpp"\n// see config/old.hpp and tools/gone\n')
        found = self.found("paths").splitlines()
        self.assertEqual(found, ["README.md:1: there is no config/gone.hpp", "README.md:2: there is no docs/gone.md",
                                 "README.md:2: there is no docs/gone.md", "output/o.cpp:4: there is no config/old.hpp",
                                 "output/o.cpp:4: there is no tools/gone"])

    def test_a_decision_that_is_not_listed_is_found(self):
        self.write("docs/decisions/README.md", "| [0001](0001-a.md) | a |\n| [0002](0002-b.md) | b |\n")
        self.write("docs/decisions/0001-a.md", "# 1. A\n")
        self.write("docs/decisions/0003-c.md", "# 4. C\n")
        found = self.found("decisions")
        self.assertIn("0003-c.md is missing", found)
        self.assertIn("0003-c.md:1: the name and the title", found)
        self.assertIn("there is no 0002-b.md", found)
        self.assertNotIn("0001", found)

    def test_a_missing_pragma_a_late_own_header_and_a_long_file_are_found(self):
        self.write("config/b.hpp", HEAD)
        self.write("config/b.cpp", HEAD + '#include <string>\n#include "config/b.hpp"\n' + "\n" * 600)
        found = self.found("conventions")
        self.assertIn("config/b.hpp:1: no #pragma once", found)
        self.assertIn("config/b.cpp:1: the first include", found)
        self.assertIn("config/b.cpp:600: more than 600 lines", found)

    def test_a_full_folder_and_a_lonely_pair_of_base_are_found(self):
        for i in range(27):
            self.write(f"rules/rule/r{i}.hpp", HEAD + "#pragma once\n")
        self.write("base/once.hpp", HEAD + "#pragma once\n")
        self.write("base/twice.hpp", HEAD + "#pragma once\n")
        self.write("config/b.cpp", HEAD + '#include "base/once.hpp"\n#include "base/twice.hpp"\n')
        self.write("output/b.cpp", HEAD + '#include "base/twice.hpp"\n')
        found = self.found("rooms")
        self.assertIn("rules/rule: 27 files", found)
        self.assertIn("base/once.hpp:1: used by config only", found)
        self.assertNotIn("base/twice.hpp", found)

    def test_a_missing_licence_is_found(self):
        self.write("config/b.cpp", "int x;\n")
        self.write("config/CMakeLists.txt", "project(x)\n")
        self.assertIn("config/b.cpp:1:", self.found("spdx"))
        self.assertIn("config/CMakeLists.txt:1:", self.found("spdx"))

    def test_wrong_formatting_is_found(self):
        self.write(".clang-format", "BasedOnStyle: Google\n")
        self.write("config/b.cpp", HEAD + "int   x ;\n")
        self.assertIn("config/b.cpp:3", self.found("format"))

    def test_keys_that_are_missing_unknown_or_doubled_in_the_documentation_are_found(self):
        self.write("docs/nauditd.schema.json",
                   '{"properties": {"node": {}, "kernel": {"properties": {"mode": {}, "enabled": {}}}}, "$defs": {}}')
        self.write("docs/configuration.md", "| `node` | x |\n| `node` | x |\n| `kernel.mood` | x |\n")
        found = self.found("documented_keys")
        self.assertIn("node stands in line 1 already", found)
        self.assertIn("there is no key kernel.mood", found)
        self.assertIn("configuration.md: kernel.mode is missing", found)
        self.assertIn("configuration.md: kernel.enabled is missing", found)


if __name__ == "__main__":
    unittest.main()
