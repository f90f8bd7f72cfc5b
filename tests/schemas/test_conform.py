"""What a release has written must stay readable: tables only grow."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = SOURCE / "schemas"
RELEASED = pathlib.Path(__file__).resolve().parent / "released"
GOLDEN = SOURCE / "tests/events/golden"


def tables_of(folder):
    """Fields by table, as {table: {(name, type, id)}}."""
    found = {}
    for path in sorted(folder.glob("*.fbs")):
        for table, body in re.findall(r"^table (\w+) \{(.*?)^\}", path.read_text(), re.M | re.S):
            fields = re.findall(r"^\s*(\w+): ([\w\[\]]+)[^(]*\(id: (\d+)", body, re.M)
            found[table] = set(fields)
    return found


def refusals(schemas):
    """Why the schemas do not conform to the released ones, a line each."""
    lines = []
    for old in sorted(RELEASED.glob("*.fbs")):
        new = schemas / old.name
        if not new.exists():
            lines.append(f"{old.name} was released and is gone")
            continue
        result = subprocess.run(
            ["flatc", "-I", schemas, "--conform-includes", RELEASED, "--conform", old, new],
            text=True, capture_output=True, timeout=60)
        if result.returncode != 0:
            lines.append(f"{old.name}: {(result.stdout + result.stderr).strip()}")
    present = tables_of(schemas)
    for table, fields in tables_of(RELEASED).items():
        for name, kind, number in sorted(fields - present.get(table, set())):
            lines.append(f"{table}.{name} ({kind}, id {number}) was released and is gone or changed")
    return lines


class Conform(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fc-schemas-")
        self.addCleanup(folder.cleanup)
        self.changed = pathlib.Path(folder.name) / "schemas"
        shutil.copytree(RELEASED, self.changed)

    def change(self, file, old, new):
        path = self.changed / file
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))

    def test_tables_conform_to_the_last_release(self):
        self.assertGreater(len(tables_of(RELEASED)), 20)
        self.assertEqual(refusals(SCHEMAS), [])

    def test_an_added_field_is_accepted(self):
        self.change("pull_request.fbs", "  note: string (id: 0);\n",
                    "  note: string (id: 0);\n  more: string (id: 1);\n")
        self.assertEqual(refusals(self.changed), [])

    def test_another_type_is_refused(self):
        self.change("pull_request.fbs", "number: uint (id: 1)", "number: ulong (id: 1)")
        self.assertIn("ScrapedV1.number", "\n".join(refusals(self.changed)))

    def test_a_removed_last_field_is_refused(self):
        self.change("pull_request.fbs", "  cause: string (id: 2);\n}", "}")
        self.assertEqual(len(refusals(self.changed)), 1)

    def test_a_removed_table_is_refused(self):
        (self.changed / "run.fbs").unlink()
        self.assertIn("run.fbs was released and is gone", refusals(self.changed))

    def test_every_version_of_an_event_has_golden_bytes(self):
        events = {path.name.split("V")[0] for path in GOLDEN.glob("*.hex")}
        versions = 0
        for table in tables_of(SCHEMAS):
            event, version = re.fullmatch(r"(\w+)V(\d+)", table).groups()
            if event in events:
                versions += 1
                self.assertTrue((GOLDEN / f"{event}V{version}.hex").exists(), table)
        self.assertGreater(versions, len(events), "no event has a second version")


if __name__ == "__main__":
    unittest.main(verbosity=2)
