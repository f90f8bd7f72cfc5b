"""fcmeta: what a Python source tree declares that it needs, and what is there.

Runs inside the sandbox with nothing but the standard library and what pip
carries along. Nothing of the tree is imported or executed.

    fcmeta.py read TREE [ROOT]     JSON on standard output; ROOT is the package's
                                   folder where something else names it
    fcmeta.py adjust TREE ROOT     rewrites pyproject.toml for an old setuptools
"""

import ast
import configparser
import json
import os
import re
import sys
from importlib import metadata

try:
    import tomllib
except ImportError:  # Python before 3.11
    from pip._vendor import tomli as tomllib
try:
    from pip._vendor.packaging import requirements, specifiers, version
except ImportError:
    from packaging import requirements, specifiers, version

BUILD_FILES = ("pyproject.toml", "setup.py")
ASIDE = {"test", "tests", "doc", "docs", "example", "examples", "benchmark",
         "benchmarks", "vendor", "third_party", "tools", "node_modules"}
MAX_BYTES = 4 << 20
MAX_DEPTH = 4
# Somebody else's files: longer values, keys and lists are not metadata.
MAX_TEXT = 2000
MAX_DOTS = 500
MAX_LINES = 2000
MAX_FOLDERS = 500


def text_of(path):
    """A file of the tree; empty when absent. A link out of it is absent too."""
    try:
        if os.path.islink(path) or os.path.getsize(path) > MAX_BYTES:
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def table(value):
    return value if isinstance(value, dict) else {}


def texts(value):
    return [x for x in value if isinstance(x, str)][:MAX_LINES] \
        if isinstance(value, (list, tuple)) else []


def text(value):
    return value if isinstance(value, str) and len(value) <= MAX_TEXT else ""


def short(value):
    """One line of an error, without the whole of what it quotes."""
    line = " ".join(str(value)[:MAX_TEXT].split())
    return line if len(line) <= 300 else line[:300] + "..."


def parse_toml(path, notes):
    content = text_of(path)
    # A key with 50,000 dots takes the parser minutes.
    if any(x.partition("=")[0].count(".") > MAX_DOTS
           for x in content.split("\n")):
        notes.append("pyproject.toml cannot be read: a key with more than %d "
                     "dots" % MAX_DOTS)
        return {}
    try:
        return tomllib.loads(content)
    except RecursionError:
        notes.append("pyproject.toml cannot be read: it is nested too deep")
    except (ValueError, OverflowError, MemoryError) as error:
        notes.append("pyproject.toml cannot be read: %s" % short(error))
    return {}


# ---- Where the package is -------------------------------------------------


def is_root(folder):
    if os.path.isfile(os.path.join(folder, "setup.py")):
        return True
    notes = []
    data = parse_toml(os.path.join(folder, "pyproject.toml"), notes)
    if notes:  # pip would take it, and say what is wrong with it
        return True
    # A pyproject.toml that only configures tools builds nothing.
    return "project" in data or "build-system" in data \
        or "poetry" in table(data.get("tool"))


def inside(tree, place):
    """`place` as a folder of the tree without dots; None when it is none."""
    path = os.path.normpath(os.path.join(tree, place))
    if os.path.isabs(place) or "\0" in place:
        return None
    place = os.path.relpath(path, tree)
    real = os.path.realpath(path)
    top = os.path.realpath(tree)
    if place.split(os.sep)[0] == ".." or (real + os.sep)[:len(top) + 1] \
            != top + os.sep or not os.path.isdir(path):
        return None
    return place


def find_root(tree, wanted=""):
    """The folder with the build file, and why that one."""
    if wanted:
        place = inside(tree, wanted)
        if place is not None and is_root(os.path.join(tree, place)):
            return place, "repo_subdir of the suite's configuration"
    if is_root(tree):
        return ".", "the top folder has a build file"
    found = []
    for count, (folder, below, _) in enumerate(os.walk(tree)):
        if count >= MAX_FOLDERS * 20 or len(found) >= MAX_FOLDERS:
            break
        place = os.path.relpath(folder, tree)
        depth = 0 if place == "." else place.count(os.sep) + 1
        below[:] = sorted(x for x in below if not x.startswith(".")) \
            if depth < MAX_DEPTH else []
        if depth and is_root(folder):
            aside = not ASIDE.isdisjoint(place.split(os.sep))
            found.append((aside, depth, place))
    if not found:
        return "", "no folder has a setup.py, or a pyproject.toml that builds"
    found.sort()
    others = ", ".join(x[2] for x in found[1:6])
    return found[0][2], "the top folder has no build file; " + (
        "the only one below is there" if not others else
        "shallowest of %d outside of tests and documents, then first by name; "
        "not taken: %s" % (len(found), others))


# ---- What the files declare -------------------------------------------------


class Needs:
    """Collected from all files; the first that says something wins."""

    def __init__(self):
        self.name = self.version = self.requires_python = ""
        self.requirements = None
        self.extras = {}
        self.build_backend = ""
        self.build_requires = []
        self.extensions = False
        self.license_old = False
        self.notes = []
        self.files = []

    def offer(self, field, value):
        if value and not getattr(self, field):
            setattr(self, field, value)


def listed_in(root, names):
    """Requirement lines of files that a build file refers to."""
    lines = []
    for name in names:
        if name.startswith("/") or ".." in name.split("/"):
            continue
        for line in text_of(os.path.join(root, name)).splitlines()[:MAX_LINES]:
            line = re.sub(r"(^|\s)#.*$", "", line).strip()
            if line:
                lines.append(line)
    return lines


def from_pyproject(root, needs):
    data = parse_toml(os.path.join(root, "pyproject.toml"), needs.notes)
    if not data:
        return
    needs.files.append("pyproject.toml")
    system = table(data.get("build-system"))
    needs.build_backend = text(system.get("build-backend"))
    needs.build_requires = texts(system.get("requires"))
    project, tool = table(data.get("project")), table(data.get("tool"))
    needs.offer("name", text(project.get("name")))
    needs.offer("version", text(project.get("version")))
    needs.offer("requires_python", text(project.get("requires-python")))
    if "dependencies" in project:
        needs.requirements = texts(project["dependencies"])
    for extra, lines in table(project.get("optional-dependencies")).items():
        needs.extras[extra] = texts(lines)
    needs.license_old = isinstance(project.get("license"), str) \
        or "license-files" in project
    setuptools = table(tool.get("setuptools"))
    dynamic = table(table(setuptools.get("dynamic")).get("dependencies"))
    if "dependencies" in texts(project.get("dynamic")) and "file" in dynamic:
        names = dynamic["file"]
        needs.requirements = listed_in(
            root, [names] if isinstance(names, str) else texts(names))
    needs.extensions = bool(setuptools.get("ext-modules"))
    if "poetry" in tool and "project" not in data:
        from_poetry(table(tool["poetry"]), needs)


def from_poetry(poetry, needs):
    needs.offer("name", text(poetry.get("name")))
    needs.offer("version", text(poetry.get("version")))
    needs.requirements = []
    for name, wanted in table(poetry.get("dependencies")).items():
        options = wanted if isinstance(wanted, dict) else {"version": wanted}
        if name.lower() == "python":
            needs.offer("requires_python", caret(text(options.get("version"))))
        elif not options.get("optional"):
            marker = text(options.get("markers"))
            needs.requirements.append(
                name + caret(text(options.get("version")))
                + ("; " + marker if marker else ""))


def caret(wanted):
    """Poetry's ^1.2, ~1.2 and * as a PEP 440 specifier."""
    parts = []
    for part in wanted.split(","):
        part = part.strip()
        match = re.fullmatch(r"([\^~])\s*(\d+(?:\.\d+)*)", part)
        if match and len(part) < 100:
            numbers = [int(x) for x in match.group(2).split(".")]
            keep = next((i for i, x in enumerate(numbers) if x),
                        len(numbers) - 1) if match.group(1) == "^" \
                else min(1, len(numbers) - 1)
            upper = numbers[:keep] + [numbers[keep] + 1]
            parts.append(">=%s,<%s" % (match.group(2),
                                       ".".join(map(str, upper))))
        elif part and part != "*":
            parts.append(part if part[0] in "<>=!~" else "==" + part)
    return ",".join(parts)


def from_setup_cfg(root, needs):
    content = text_of(os.path.join(root, "setup.cfg"))
    if not content:
        return
    needs.files.append("setup.cfg")
    config = configparser.RawConfigParser(strict=False)
    try:
        config.read_string(content)
    except configparser.Error as error:
        needs.notes.append("setup.cfg cannot be read: %s"
                           % short(str(error).splitlines()[0]))
        return
    value = lambda s, k: config.get(s, k, fallback="").strip()
    needs.offer("name", value("metadata", "name"))
    number = value("metadata", "version")
    if ":" not in number:  # "attr: x" is computed by the build
        needs.offer("version", number)
    needs.offer("requires_python", value("options", "python_requires"))
    wanted = value("options", "install_requires")
    if wanted and needs.requirements is None:
        needs.requirements = listed_in(
            root, [x.strip() for x in wanted[5:].split(",")]) \
            if wanted.startswith("file:") \
            else [x.strip() for x in re.split(r"[\n]", wanted) if x.strip()]
    if config.has_section("options.extras_require"):
        for extra, lines in config.items("options.extras_require"):
            needs.extras.setdefault(
                extra, [x.strip() for x in lines.splitlines() if x.strip()])


def from_setup_py(root, needs):
    content = text_of(os.path.join(root, "setup.py"))
    if not content:
        return
    needs.files.append("setup.py")
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        needs.notes.append("setup.py cannot be read: %s" % short(error))
        return
    known = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 \
                and isinstance(node.targets[0], ast.Name):
            known[node.targets[0].id] = node.value
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in ("Extension",
                                                           "cythonize"):
            needs.extensions = True
        if isinstance(node, ast.Call) and called(node) == "setup":
            from_setup_call(node, known, needs)


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def from_setup_call(node, known, needs):
    arguments = {x.arg: x.value for x in node.keywords if x.arg}
    needs.extensions |= "ext_modules" in arguments \
        or "cffi_modules" in arguments or "rust_extensions" in arguments
    for key, field in (("name", "name"), ("version", "version"),
                       ("python_requires", "requires_python")):
        needs.offer(field, text(literal(arguments.get(key), known)))
    if "install_requires" in arguments and needs.requirements is None:
        wanted = literal(arguments["install_requires"], known)
        if isinstance(wanted, str):
            wanted = wanted.splitlines()
        if isinstance(wanted, (list, tuple)):
            needs.requirements = texts(wanted)
        else:
            needs.notes.append("install_requires of setup.py is computed: "
                               "not known before the build")
    extras = literal(arguments.get("extras_require"), known)
    for extra, lines in table(extras).items():
        needs.extras.setdefault(str(extra), texts(lines))


def literal(node, known):
    """The value of a constant expression; None when it is none."""
    if isinstance(node, ast.Name):
        node = known.get(node.id)
    try:
        return ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


# ---- What is there ------------------------------------------------------------


def legacy(spec):
    """Old packaging accepts anything as a version; PEP 440 does not."""
    kind = getattr(specifiers, "LegacySpecifier", None)
    return kind is not None and isinstance(spec, kind)


def why_bad(line):
    """A requirement, or the reason why it is none."""
    if len(line) > MAX_TEXT:
        return None, "longer than %d characters" % MAX_TEXT
    if line.startswith("-"):
        return None, "an option of pip, not a requirement"
    try:
        wanted = requirements.Requirement(line)
    except (requirements.InvalidRequirement, ValueError,
            RecursionError) as error:
        return None, short(error)
    for spec in wanted.specifier:
        if legacy(spec):
            return None, "'%s' is no version as of PEP 440" % spec
    return wanted, ""


def state_of(wanted):
    """(state, installed version) of a requirement in this interpreter."""
    try:
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            return "not needed", ""
    except Exception as error:  # a marker may name what does not exist
        return "bad marker: %s" % error, ""
    try:
        there = metadata.version(wanted.name) or ""
    except (metadata.PackageNotFoundError, ValueError):
        return "missing", ""
    try:
        good = wanted.specifier.contains(version.Version(there),
                                         prereleases=True)
    except version.InvalidVersion:
        good = not wanted.specifier
    return "present" if good else "wrong version", there


def judge(lines, bad):
    """Good requirements with their state; the others go to `bad`."""
    result = []
    for line in list(dict.fromkeys(lines))[:MAX_LINES]:
        wanted, reason = why_bad(line)
        if wanted is not None:
            state, there = state_of(wanted)
            if state.startswith("bad marker"):
                wanted, reason = None, state
        if wanted is None:
            bad.append({"requirement": line[:200], "reason": short(reason)})
            continue
        result.append({"requirement": str(wanted), "name": wanted.name,
                       "state": state, "installed": there})
    return result


def python_fits(wanted):
    try:
        here = "%d.%d.%d" % sys.version_info[:3]
        return specifiers.SpecifierSet(wanted).contains(here, prereleases=True)
    except (specifiers.InvalidSpecifier, ValueError):
        return None


def read(tree, wanted=""):
    root, reason = find_root(tree, wanted)
    needs = Needs()
    if wanted and reason != "repo_subdir of the suite's configuration":
        needs.notes.append("repo_subdir %s has no build file" % wanted[:200])
    if root:
        folder = os.path.join(tree, root)
        from_pyproject(folder, needs)
        from_setup_cfg(folder, needs)
        from_setup_py(folder, needs)
        if not needs.build_backend:  # what pip assumes
            needs.build_backend = "setuptools.build_meta:__legacy__"
            needs.build_requires = needs.build_requires or ["setuptools",
                                                            "wheel"]
    bad = []
    fits = python_fits(needs.requires_python)
    if fits is None:
        bad.append({"requirement": "python " + needs.requires_python[:200],
                    "reason": "no version specifier as of PEP 440"})
    return {
        "package_root": root, "root_reason": reason, "files": needs.files,
        "name": needs.name, "version": needs.version,
        "requires_python": needs.requires_python,
        "python_fits": fits is not False,
        "build_backend": needs.build_backend,
        "build_requires": judge(needs.build_requires, bad),
        "requirements": judge(needs.requirements or [], bad),
        "requirements_known": needs.requirements is not None,
        "extras": sorted(needs.extras), "bad": bad,
        "extensions": needs.extensions, "license_old": needs.license_old,
        "notes": needs.notes,
    }


# ---- What a checkout without submodules lacks -------------------------------


def submodules(tree):
    """Folders that .gitmodules names: the filled and the empty ones, a few of
    each."""
    filled, empty = set(), set()
    for line in text_of(os.path.join(tree, ".gitmodules")).split("\n"):
        key, _, value = line.partition("=")
        place = value.strip()
        if key.strip() != "path" or not place or len(place) > 200 \
                or inside(tree, place) is None:
            continue
        (filled if os.listdir(os.path.join(tree, place)) else empty).add(place)
    return sorted(filled)[:5], sorted(empty)[:5]


def main(arguments):
    try:
        return answer(arguments)
    except (RecursionError, MemoryError) as error:
        sys.stderr.write("fcmeta: the build files ask for more than they may: "
                         "%s\n" % type(error).__name__)
        return 1


def answer(arguments):
    if len(arguments) in (2, 3) and arguments[0] == "read":
        json.dump(read(*arguments[1:]), sys.stdout)
    elif len(arguments) == 3 and arguments[0] == "adjust":
        # Isolated Python does not look beside the script.
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        import fcadjust
        filled, empty = submodules(arguments[1])
        json.dump({"done": fcadjust.adjust(*arguments[1:]),
                   "submodules": filled, "empty_submodules": empty},
                  sys.stdout)
    else:
        sys.stderr.write(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
