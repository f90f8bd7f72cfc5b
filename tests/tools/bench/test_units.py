import ast
import glob
import os
import unittest

from support import HARNESS, HarnessTest

from fcbench import memory, output, timing


class Output(HarnessTest):
    def test_plain(self):
        class Odd:
            def __repr__(self):
                raise RuntimeError("no text")

        class Index:
            def __index__(self):
                return 3

        self.assertEqual(["nan", "inf", "-inf", 1.5, True, None],
                         output.plain([float("nan"), float("inf"),
                                       float("-inf"), 1.5, True, None]))
        self.assertEqual({"1": [2]}, output.plain({1: (2,)}))
        self.assertEqual(3, output.plain(Index()))
        self.assertIn("no text", output.plain(Odd()))

    def test_replaces_whole_files(self):
        path = self.path("out")
        output.write_json(path, {"a": "\udcff"})
        output.write_json(path, {"a": 1})
        with open(path) as source:
            self.assertEqual('{"a": 1}', source.read())
        self.assertEqual(["benchmarks", "out", "site"],
                         sorted(os.listdir(self.room)))


class Calibration(unittest.TestCase):
    class Fake:
        """A call of a millisecond that takes no time."""

        def __init__(self):
            self.asked = []

        def sample(self, number, before=None):
            self.asked.append(number)
            return {"wall": number * 0.001}

    def test_grows_to_the_sample_time(self):
        fake = self.Fake()
        self.assertEqual(10, timing.calibrate(fake, 0.010))
        self.assertEqual([1, 10], fake.asked)
        self.assertEqual(1, timing.calibrate(self.Fake(), 0.0005))

    def test_a_limit_ends_it(self):
        fake = self.Fake()
        self.assertEqual(1, timing.calibrate(fake, 10, limit=0))
        self.assertEqual([1], fake.asked)


class Memory(unittest.TestCase):
    def test_shared_parts_count_once(self):
        part = "x" * 1000
        both = memory.deep_size([part, part])
        self.assertLess(both, 1300)
        self.assertGreater(memory.deep_size([part, "y" * 1000]), both + 1000)

    def test_code_is_not_counted(self):
        self.assertLess(memory.deep_size([os, len, unittest.TestCase]), 200)
        loop = []
        loop.append(loop)
        self.assertLess(memory.deep_size(loop), 200)


class Sources(unittest.TestCase):
    def files(self):
        return glob.glob(os.path.join(HARNESS, "**", "*.py"), recursive=True)

    def test_python_3_8_can_read_them(self):
        self.assertGreater(len(self.files()), 15)
        for path in self.files():
            with open(path) as source:
                ast.parse(source.read(), path, feature_version=(3, 8))


if __name__ == "__main__":
    unittest.main()
