#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the benchmark makes of its samples, without a kernel."""
import io
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from parts import bench, kernel, outputs, own_metrics, peers, programs, report, scenarios  # noqa: E402


def sample(cpu=1.0, **more):
    return {"cpu": cpu, "kauditd": 0.5, "rate": 1000.0, "made": 10, "out": 10, "share": 1.0, "lost": 0} | more


class Named:
    def __init__(self, name):
        self.name = name


class ReportTest(unittest.TestCase):
    def test_the_distance_from_the_floor_is_a_row_for_each_contender(self):
        samples = {"openat": {"floor": [sample(0.5), sample(0.7), sample(9)], "nauditd json": [sample(1.4)]},
                   "exec": {"floor": [sample(2)]}}
        self.assertEqual(report.from_the_floor(samples), "| who | openat | exec |\n|---|---|---|\n| floor | 1.00 | 1.00 |\n"
                                                         "| nauditd json | 2.00 | - |")

    def test_without_the_floor_there_is_no_ratio_and_no_error(self):
        text = report.cpu({"openat": {"nauditd json": [sample()]}})
        self.assertIn("| openat | nauditd json | 1.00 | - | 1.00 | 0.50 | 10/10 |", text)

    def test_the_curve_tells_losses_and_rates_that_were_not_reached(self):
        samples = {5000: {"floor": [sample(rate=5000)], "auditd raw": [sample(rate=5000)]},
                   80000: {"floor": [sample(rate=60000)], "auditd raw": [sample(rate=79000, share=0.25, lost=1234)]},
                   "max": {"floor": [sample(rate=90000)]}}
        self.assertEqual(report.curve(samples).split("\n")[2:], [
            "| 5,000 | 1 | 1 |", "| 80,000 | 1 (at 60,000/s) | 0.250, 1,234 lost |", "| max | 1 (at 90,000/s) | - |"])

    def test_a_program_is_compared_with_its_time_without_auditing(self):
        program = {"work": 1, "out": 10, "records": 50, "lost": 0, "cpu_s": 0.25, "cpu": 3.0}
        text = report.research({"build": {"no auditing": [{"seconds": 2.0, "work": 1}], "floor": [program | {"seconds": 2.5}]}})
        self.assertIn("| build | no auditing | 2.00 s |", text)
        self.assertIn("| build | floor | 2.50 s | 25 % | 10 | 50 | 0 | 0.25 | 3.00 | 1.00 |", text)

    def test_a_program_that_runs_a_fixed_time_is_compared_by_its_rate(self):
        text = report.research({"web": {"no auditing": [{"seconds": 2.0, "work": 4000}], "floor": [{"seconds": 2.0, "work": 2000}]}})
        self.assertIn("| web | floor | 1,000 requests/s | 100 % |", text)

    def test_what_nauditd_says_is_added_up_over_the_runs(self):
        text = report.told([own_metrics.Comparison("openat", "nauditd json", "records", 5, 5),
                            own_metrics.Comparison("exec", "nauditd json", "records", 6, 7)])
        self.assertIn("| nauditd json | records | 11 | 12 | 1 of 2 |", text)

    def test_the_text_goes_between_the_markers(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder, "page.md")
            page.write_text("a\n<!-- bench/run: begin -->\nold\n<!-- bench/run: end -->\nb\n")
            report.replace(str(page), "new")
            self.assertEqual(page.read_text(), "a\n<!-- bench/run: begin -->\n\nnew\n\n<!-- bench/run: end -->\nb\n")
            page.write_text("no markers\n")
            with self.assertRaises(ValueError):
                report.replace(str(page), "new")


class OutputsTest(unittest.TestCase):
    def test_lines_count_the_events_of_the_mark_and_all_their_records(self):
        file = io.BytesIO(b'type=CONFIG_CHANGE msg=audit(1.0:1): op=add_rule key="mark"\n'
                          b'type=SYSCALL msg=audit(1.0:2): syscall=1 key="mark"\x1dARCH=x86_64\ntype=CWD msg=audit(1.0:2): cwd="/"\n'
                          b'type=SYSCALL msg=audit(1.0:3): syscall=1 key=(null)\ntype=CWD msg=audit(1.0:3): cwd="/"\n'
                          b'type=USER_START msg=audit(1.0:4): pid=1 msg=\'acct="mark" res=success\'\n')
        self.assertEqual(outputs.lines(file, b"mark"), (2, 3, 0))

    def test_json_of_laurel_is_ours_by_its_key_or_its_account(self):
        file = io.BytesIO(b'{"ID":"1:1","CONFIG_CHANGE":[{"key":"mark"}],"PROCTITLE":{}}\n'
                          b'{"ID":"1:2","SYSCALL":{"key":"mark"},"PROCTITLE":{}}\n{"ID":"1:3","SYSCALL":{"key":"mark"}}\n'
                          b'{"ID":"1:4","USER_START":{"msg":"acct=\\"mark\\" res=success"}}\n')
        self.assertEqual(outputs.laurel(file, b"mark"), (3, None, 1))

    def test_laurel_has_its_package_s_configuration_but_for_folder_user_and_rotation(self):
        text = 'directory = "/var/log/laurel"\nuser = "_laurel"\nfile = "audit.log"\nsize = 5000000\npid = true\n'
        self.assertEqual(peers.laurel_config(text, "/x"),
                         'directory = "/x"\n\nfile = "laurel.log"\nsize = 100000000000\npid = true\n')


class ScenariosTest(unittest.TestCase):
    def test_records_of_a_program_are_those_of_who_writes_a_line_for_each(self):
        by_name = {"no auditing": [{"seconds": 1}], "floor": [{"out": 10, "out_records": 40, "cpu_s": 1e-4}],
                   "nauditd json": [{"out": 20, "out_records": None, "cpu_s": 1e-3}]}
        scenarios.count_records(by_name)
        self.assertEqual([by_name["floor"][0]["records"], by_name["nauditd json"][0]["records"]], [50, 100])
        self.assertEqual(round(by_name["nauditd json"][0]["cpu"]), 10)

    def test_who_has_other_events_than_most_is_told(self):
        by_name = {"no auditing": [{}], "floor": [{"out": 1000, "work": 1}], "a": [{"out": 1001, "work": 1}],
                   "b": [{"out": 900, "work": 1}]}
        self.assertEqual(scenarios.unlike("build", by_name), ["b, build: 900 events written, 1000 by most"])

    def test_a_run_that_fails_loses_no_other_and_who_fails_often_is_left_out(self):
        at = bench.Bench(None, "", "", 1, 1, lambda text: None)

        def measure(contender, case):
            if contender.name == "bad":
                raise kernel.Error("it broke")
            return sample()
        samples = at.in_turn(2, ["x", "y"], [Named("good"), Named("bad")], measure)
        self.assertEqual(len(samples["x"]["good"]), 2)
        self.assertNotIn("bad", samples["y"])
        self.assertEqual(at.errors[0], "bad, x: it broke")
        self.assertEqual(at.errors[-1], "bad failed 3 times and is left out from here on")

    def test_the_rules_of_programs_name_only_failed_openings(self):
        self.assertEqual([rule[2:] for rule in programs.rules() if "openat" in rule[1]], [["-F", "success=0"]])


unittest.main()
