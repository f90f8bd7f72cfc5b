"""fcadjust: what a build file needs before an old setuptools can read it.

Imported by fcmeta.py for its command `adjust`, inside the sandbox.
"""

import os
import re
from importlib import metadata

from fcmeta import parse_toml, table, text, text_of, tomllib, version


def setuptools_is_old():
    try:
        return version.Version(metadata.version("setuptools")) \
            < version.Version("77")
    except (metadata.PackageNotFoundError, version.InvalidVersion):
        return False


def without_license(lines):
    """The lines with `license` as a table and without `license-files`."""
    section, depth, result = "", 0, []
    for line in lines:
        if depth > 0:  # inside of a dropped list
            depth += line.count("[") - line.count("]")
            continue
        header = re.match(r"\s*\[([^\[\]]+)\]\s*(#.*)?$", line)
        if header:
            section = header.group(1).strip()
        old = re.match(r"\s*license\s*=\s*(\"[^\"]*\"|'[^']*')\s*(#.*)?$", line)
        if section == "project" and old:
            line = "license = {text = %s}" % old.group(1)
        if section == "project" and re.match(r"\s*license-files\s*=", line):
            depth = line.count("[") - line.count("]")
            continue
        result.append(line)
    return result


def adjust(tree, root):
    """Returns what was done: a line for the recipe, or an empty one."""
    path = os.path.join(tree, root, "pyproject.toml")
    before = parse_toml(path, [])
    project = table(before.get("project"))
    backend = text(table(before.get("build-system")).get("build-backend"))
    old = isinstance(project.get("license"), str)
    if not (old or "license-files" in project) or not setuptools_is_old() \
            or (backend and not backend.startswith("setuptools.")):
        return ""
    content = "\n".join(without_license(text_of(path).split("\n")))
    wanted = dict(before, project={k: v for k, v in project.items()
                                   if k != "license-files"})
    if old:
        wanted["project"]["license"] = {"text": project["license"]}
    try:
        same = tomllib.loads(content) == wanted
    except (ValueError, RecursionError, MemoryError):
        same = False
    if not same:
        return "pep639-downgrade: not applied, the lines were not understood"
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(content)
    return "pep639-downgrade: %s in %s" % (
        " and ".join((["license as a table"] if old else [])
                     + (["license-files dropped"]
                        if "license-files" in project else [])),
        os.path.normpath(os.path.join(root, "pyproject.toml")))
