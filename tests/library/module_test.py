#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Python module, from its installed copy: module_test.py SOURCE"""
import gc
import io
import pathlib
import select
import sys
import tempfile
import unittest

import naudit

SOURCE = pathlib.Path(sys.argv[1])
LOG = (b'type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=59 success=no exit=-13 items=1 ppid=1 pid=2 '
       b'auid=4294967295 uid=0 comm=6361740A exe="/usr/bin/cat" key="exec"\n'
       b'type=EXECVE msg=audit(1700000000.123:45): argc=2 a0="cat" a1=2F6574632FFF\n'
       b'type=PROCTITLE msg=audit(1700000000.123:45): proctitle=636174\n'
       b"type=USER_LOGIN msg=audit(1700000001.000:46): pid=9 uid=0 msg='acct=\"jo\" res=success'\n")


class Module(unittest.TestCase):
    def test_events_come_one_by_one(self):
        reader = naudit.Reader(names="none")
        for i in range(0, len(LOG), 10):
            reader.feed(LOG[i:i + 10])
        reader.flush()
        first, second = reader
        self.assertEqual((first.seconds, first.milliseconds, first.serial, first.node), (1700000000, 123, 45, None))
        self.assertEqual((first.action, first.success, first.keys, first.incomplete), ("executed", False, ["exec"], None))
        self.assertEqual(first.arguments, ["cat", "/etc/\udcff"])
        self.assertEqual([record.type_name for record in first], ["SYSCALL", "EXECVE", "PROCTITLE"])
        self.assertEqual(first["exit"].interpreted, "EACCES")
        self.assertEqual((first["exit"].number, first["comm"].value, first["comm"].raw), (-13, "cat\n", "6361740A"))
        self.assertEqual(first.json()["records"]["syscall"]["syscall_name"], "execve")
        self.assertEqual(second.record("USER_LOGIN").claim("acct").value, "jo")
        self.assertTrue(second.record(1112).claim("acct").is_claim)
        self.assertIsNone(second.get("acct"))
        self.assertRaises(KeyError, lambda: second["acct"])
        self.assertEqual((reader.count("events"), reader.count("rejected")), (2, 0))
        self.assertIsNone(reader.next())

    def test_what_is_held_lives(self):
        fields = [field for event in naudit.read(io.BytesIO(LOG), names="none") for record in event for field in record]
        gc.collect()
        self.assertEqual([field.value for field in fields if field.name == "exe"], ["/usr/bin/cat"])

    def test_a_file_is_read(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(LOG)
            file.flush()
            texts = [event.text for event in naudit.read(file.name, format="raw")]
        self.assertEqual(b"".join(texts), LOG)

    def test_failures_are_exceptions(self):
        with self.assertRaisesRegex(naudit.Error, "there is no format 'x'"):
            naudit.Reader(format="x")
        with self.assertRaises(naudit.Error) as caught:
            naudit.Reader().receive()
        self.assertEqual(caught.exception.result, naudit.STATE)

    def test_time_passes(self):
        reader = naudit.Reader(format="raw")
        reader.feed(b'type=PATH msg=audit(1700000000.123:45): item=0 name="/x"\n')
        while (event := reader.next()) is None:
            select.select([], [], [], reader.timeout)
            reader.age()
        self.assertEqual(event.record("PATH")["name"].value, "/x")
        self.assertIsNone(reader.timeout)

    def test_rules(self):
        rules = naudit.Rules()
        rules.add_text("-a always,exit -F arch=b64 -S execve -k exec\n")
        again = naudit.Rules()
        again.add_yaml(rules.yaml())
        self.assertEqual(again.kernel(), rules.kernel())
        third = naudit.Rules()
        for data in rules.kernel():
            third.add_kernel(data)
        self.assertEqual((len(third), third.lines()), (1, rules.lines()))
        with self.assertRaisesRegex(naudit.Error, "^mine:2:"):
            rules.add_text("\n-a nonsense\n", name="mine")

    def test_names(self):
        self.assertIn("json", naudit.formats())
        self.assertEqual((naudit.type_name(1300), naudit.type_number("SYSCALL")), ("SYSCALL", 1300))
        self.assertEqual((naudit.syscall_name("x86_64", 59), naudit.syscall_number("x86_64", "execve")), ("execve", 59))
        self.assertEqual(naudit.arch_name(naudit.arch_number("aarch64")), "aarch64")
        self.assertEqual((naudit.errno_name(13), naudit.errno_number("EACCES")), ("EACCES", 13))
        self.assertEqual((naudit.type_name(99999), naudit.type_number("x"), naudit.syscall_number("x", "y")), (None,) * 3)

    def test_every_function_of_the_header_is_declared(self):
        source = pathlib.Path(naudit.__file__).read_text()
        header = (SOURCE / "library/exports.map").read_text()
        functions = [line.strip(" ;").removeprefix("naudit_") for line in header.splitlines() if line.startswith("    naudit_")]
        # Python iterates; a record keeps its event.
        left_out = {"reader_on_event", "field_record"}
        self.assertEqual([name for name in functions if f'"{name}"' not in source and f"naudit_{name}(" not in source],
                         sorted(left_out))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
