import ast
import glob
import os
import unittest

from support import HARNESS, HarnessTest

from fcbench import channel, output, texts
from fcbench.worker import memory, timing


class Texts(HarnessTest):
    def test_plain(self):
        class Odd:
            def __repr__(self):
                raise RuntimeError("no text")

        class Index:
            def __index__(self):
                return 3

        self.assertEqual(["nan", "inf", "-inf", 1.5, True, None],
                         texts.plain([float("nan"), float("inf"),
                                      float("-inf"), 1.5, True, None]))
        self.assertEqual({"1": [2]}, texts.plain({1: (2,)}))
        self.assertEqual(3, texts.plain(Index()))
        self.assertIn("without repr", texts.plain(Odd()))
        loop = []
        loop.append(loop)
        texts.plain(loop)  # comes back

    def test_odd_texts(self):
        self.assertEqual("r\\udce9sum", texts.clean("r\udce9sum"))
        self.assertEqual("a\\x00b", texts.clean("a\0b"))
        self.assertEqual("é" * 4000, texts.clean("é" * 4000))
        for long in ("x" * 10 ** 6, "\udce9" * 4000, "\0" * 4000):
            text = texts.clean(long)
            self.assertLessEqual(len(text), 4000)
            self.assertRegex(text, r"… \(\d+ characters more\)$")

    def test_errors_begin_with_one_line_and_the_place_in_the_suite(self):
        path = self.write("benchmarks/a.py", """
            def f():
                raise ValueError("two\\nlines \\0")
        """)
        scope = {}
        with open(path) as source:
            exec(compile(source.read(), path, "exec"), scope)
        try:
            scope["f"]()
        except ValueError as error:
            lines = texts.describe(error, self.suite).split("\n")
        self.assertEqual("ValueError: two lines \\x00", lines[0])
        self.assertEqual("at benchmarks/a.py:3 in f", lines[1])


class Messages(unittest.TestCase):
    def test_what_a_sender_left_unread_is_not_taken_for_a_forgery(self):
        ours, theirs = channel.pair()
        with ours, theirs:
            late, next_one = channel.new_key(), channel.new_key()
            parent = channel.Channel(ours)
            child = channel.Channel(theirs, late)
            child.send({"part": {}})
            parent.drop(late)
            child.key = next_one
            child.send({"final": True})
            self.assertEqual((late, None), parent.receive({next_one}))
            self.assertEqual((next_one, {"final": True}),
                             parent.receive({next_one}))

    def test_last_words_come_through_though_orders_were_not_read(self):
        ours, theirs = channel.pair()
        key = channel.new_key()
        parent, worker = (channel.Channel(s, key) for s in (ours, theirs))
        parent.send({"do": "import"})
        worker.send({"fatal": True, "text": "x" * 100000})
        theirs.close()
        self.assertTrue(parent.wait()["fatal"])
        with self.assertRaises(channel.Closed):
            parent.wait()
        ours.close()

    def test_only_the_key_speaks(self):
        ours, theirs = channel.pair()
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)
        parent = channel.Channel(ours, channel.new_key())
        for packet in (b"x", b"{}" * 40, b"\xff" * 70000):
            theirs.send(packet)
            with self.assertRaises(channel.Forged):
                parent.receive()
        for text in (b"{", b"[" * 50000, b"1 2", b""):
            theirs.send(parent.key.encode() + b"." + text)
            with self.assertRaises(channel.Forged):
                parent.receive()


class Output(HarnessTest):
    def test_replaces_whole_files(self):
        path = self.path("out")
        output.write_json(path, {"a": "é"})
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

        def sample(self, number, before=None, report=None):
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
