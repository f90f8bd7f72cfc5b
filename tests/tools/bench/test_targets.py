import os
import sys
import unittest

from support import HarnessTest

from fcbench import targets


class Compared(HarnessTest):
    def compare(self, base, patched, path="pkg/a.py"):
        for side, text in (("base", base), ("patched", patched)):
            self.write(side + "/keep", "")
            if text is not None:
                self.write(side + "/" + path, text)
        return targets.compare(self.path("base"), self.path("patched"),
                               [path])

    def functions(self, result, side):
        return [f["qualname"] for f in result[side]["functions"]]

    def check(self, base, patched, expected, module):
        """@param expected Names on both sides, or a pair of lists."""
        result = self.compare(base, patched)
        if isinstance(expected, list):
            expected = (expected, expected)
        self.assertEqual(expected, (self.functions(result, "base"),
                                    self.functions(result, "patched")))
        files = ["pkg/a.py"] if module else []
        self.assertEqual(files, result["base"]["modules"])
        self.assertEqual(files, result["patched"]["modules"])
        return result

    def test_bodies_and_lines_with_decorators(self):
        result = self.check(
            "import x\n\n@x.y\n@x.z\ndef f(a):\n  return 1\ndef g(): pass\n",
            "import x\n@x.y\n@x.z\ndef f(a):\n  b = 2\n  return b\n"
            "def g(): pass\n",
            ["f"], False)
        self.assertEqual({"file": "pkg/a.py", "qualname": "f",
                          "first_line": 3, "last_line": 6},
                         result["base"]["functions"][0])
        self.assertEqual(2, result["patched"]["functions"][0]["first_line"])

    def test_docstrings_comments_layout_and_order_do_not_count(self):
        self.check(
            "'''doc'''\nclass C:\n  'd'\n  def f(self):\n    'd'\n    return 1\n"
            "def a(): return 1\ndef b(): return 2\n",
            "'''other'''\n# note\nclass C:\n  'e'\n\n  def f(self):\n"
            "    'more'\n    return (1)\n"
            "def b(): return 2\ndef a(): return 1\n", [], False)

    def test_nested_code_belongs_to_the_outermost_function(self):
        text = """
            class A:
                class B:
                    async def f(self):
                        def inner():
                            class Deep:
                                def g(self): return %d
                        return inner
        """
        self.check(text % 1, text % 2, ["A.B.f"], False)

    def test_added_function_of_a_module(self):
        self.check("def f(): pass\n", "def f(): pass\ndef g(): pass\n",
                   ([], ["g"]), False)

    def test_added_method_changes_look_up(self):
        self.check("class A:\n  def f(self): pass\n",
                   "class A:\n  def f(self): pass\n"
                   "  def __eq__(self, o): return 1\n",
                   ([], ["A.__eq__"]), True)

    def test_code_outside_functions(self):
        self.check("X = 1\ndef f(): pass\n", "X = 2\ndef f(): pass\n", [],
                   True)
        self.check("class A:\n  x = 1\n", "class A:\n  x = 2\n", [], True)
        self.check("class A: pass\n", "class A(object): pass\n", [], True)

    def test_decorators_and_defaults_run_at_import(self):
        self.check("def f(): pass\n", "@cache\ndef f(): pass\n", ["f"], True)
        self.check("def f(a=1): pass\n", "def f(a=2): pass\n", ["f"], True)
        self.check("def f(*, a=1): pass\n", "def f(*, a=2): pass\n", ["f"],
                   True)

    def test_functions_in_branches_and_property_setters(self):
        text = """
            try:
                import fast
            except ImportError:
                def f(): return %d
            else:
                def f(): return 0
            class C:
                @property
                def x(self): return 0
                @x.setter
                def x(self, v): self.y = %d
        """
        self.check(text % (1, 1), text % (2, 2), ["f", "C.x#2"], False)

    def test_new_and_removed_files(self):
        result = self.compare(None, "def f(): pass\n")
        self.assertEqual({"functions": [], "modules": []}, result["base"])
        self.assertEqual(["f"], self.functions(result, "patched"))
        self.assertEqual(["pkg/a.py"], result["patched"]["modules"])

    def test_unparsable(self):
        result = self.compare("def f(): pass\n", "def f(:\n")
        self.assertEqual(["pkg/a.py"], result["unparsable"])
        self.assertEqual({"functions": [], "modules": ["pkg/a.py"]},
                         result["base"])
        result = self.compare("def f(): pass\n", "x = '\0'\n", "pkg/b.py")
        self.assertEqual(["pkg/b.py"], result["unparsable"])

    def test_sorts_files(self):
        files = ["a.pyx", "b.c", "c.hpp", "d.pxd", "e.rs", "f.pyx.in",
                 "g.c.src", "h.f90", "i.cu", "README.md", "j.pyi", "gone.py"]
        for side in ("base", "patched"):
            self.write(side + "/x")
        result = targets.compare(self.path("base"), self.path("patched"),
                                 files)
        self.assertEqual(files[:9], result["compiled"])
        self.assertEqual(files[9:], result["other"])


class Command(HarnessTest):
    def call(self, files):
        for side in ("base", "patched"):
            self.write(side + "/a.py", "def f(): return %d" % len(side))
        path = files if isinstance(files, str) else self.write_json(
            "files.json", files)
        return ["--base", self.path("base"), "--patched",
                self.path("patched"), "--files", path]

    def test_writes_the_result(self):
        result = self.result("targets", *self.call(["a.py"]))
        self.assertEqual("f", result["base"]["functions"][0]["qualname"])

    def test_hostile_sources_take_no_others_with_them(self):
        texts = {"deep.py": "x = " + "[" * 200000 + "]" * 200000,
                 "names.py": "x = a" + ".b" * 100000,
                 "same.py": "def f(): pass\n" * 20000,
                 "sum.py": "x = " + "+".join(["1"] * 3000),
                 "good.py": "def g(): return 1"}
        for side, more in (("base", "\ny = 1\n"), ("patched", "\ny = 2\n")):
            for name, text in texts.items():
                self.write("%s/%s" % (side, name), text + more)
        result = self.result(
            "targets", "--base", self.path("base"), "--patched",
            self.path("patched"), "--files",
            self.write_json("f.json", list(texts)))
        self.assertEqual(["deep.py", "names.py"], result["unparsable"])
        self.assertEqual(list(texts), result["base"]["modules"])

    def test_a_source_that_kills_the_parser_takes_no_others_with_it(self):
        python = self.write("python", """\
            #!%s
            import ast, os, runpy, sys
            def parse(source, *rest, real=ast.parse):
                if b"deadly" in source:
                    os.kill(os.getpid(), 9)
                return real(source, *rest)
            ast.parse = parse
            sys.argv = sys.argv[4:]  # without -I -S -B
            runpy.run_path(sys.argv[0], run_name="__main__")
        """ % sys.executable)
        os.chmod(python, 0o755)
        files = ["a.py", "b.py", "c.py"]
        for side in ("base", "patched"):
            for name in files:
                self.write("%s/%s" % (side, name), "def f(): return %d%s" % (
                    len(side), "  # deadly" if name == "b.py" else ""))
        result = self.result(
            "targets", "--base", self.path("base"), "--patched",
            self.path("patched"), "--files", self.write_json("f.json", files),
            "--python", python)
        self.assertEqual(["b.py"], result["unparsable"])
        self.assertEqual(["b.py"], result["base"]["modules"])
        self.assertEqual(["a.py", "c.py"],
                         [f["file"] for f in result["base"]["functions"]])

    def test_bad_input(self):
        out = ["targets", "--out", self.path("o")]
        self.assertIn("no list", self.refused(*out, *self.call({"a": 1})))
        self.assertIn("no list", self.refused(*out, *self.call([1])))
        self.assertIn("not a path inside",
                      self.refused(*out, *self.call(["../x.py"])))
        self.assertIn("not a path inside",
                      self.refused(*out, *self.call(["/etc/x.py"])))
        self.assertIn("no JSON", self.refused(
            *out, *self.call(self.write("broken", "{"))))
        self.assertIn("No such file", self.refused(
            *out, *self.call(self.path("missing"))))


if __name__ == "__main__":
    unittest.main()
