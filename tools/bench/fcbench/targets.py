"""What a patch changed, by comparing the syntax trees of both sides.

Functions are the outermost ones: methods count by themselves, what is nested
in a function belongs to it. Docstrings and comments do not count. A file that
cannot be compared counts as changed in its module.

Run as a program by `comparing.py`: sources are foreign, and a parser that
they crash or keep busy must take no more than their own file with it.
"""
import ast
import os

COMPILED = (".c", ".cc", ".cpp", ".cxx", ".c++", ".h", ".hh", ".hpp", ".hxx",
            ".inl", ".pyx", ".pxd", ".pxi", ".rs", ".f", ".for", ".f77",
            ".f90", ".f95", ".F", ".F90", ".cu", ".cuh", ".m", ".mm", ".s",
            ".S", ".asm", ".go", ".zig")
LARGEST = 20 << 20  # bytes of one file
TEMPLATES = (".in", ".src", ".tp", ".tmpl", ".jinja", ".mako")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DOCUMENTED = FUNCTIONS + (ast.ClassDef, ast.Module)


class Side:
    """One version of a file: its functions and what is left without them."""

    def __init__(self, source):
        tree = ast.parse(source)
        _drop_docstrings(tree)
        self.functions = {}  # unique qualname: (node, dump)
        self.classes = {}    # unique qualname: names of its methods
        self._counts = {}
        self._collect(tree, (), in_class=False)
        self.at_import = {name: _runs_at_import(node)
                          for name, (node, _) in self.functions.items()}
        self.rest = ast.dump(_WithoutFunctions().visit(tree))

    def _collect(self, node, path, in_class):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, FUNCTIONS):
                name = self._unique(".".join(path + (child.name,)))
                self.functions[name] = (child, ast.dump(child))
                if in_class:
                    self.classes[".".join(path)].append(child.name)
            elif isinstance(child, ast.ClassDef):
                inner = path + (child.name,)
                self.classes.setdefault(".".join(inner), [])
                self._collect(child, inner, in_class=True)
            elif not isinstance(child, (ast.expr, ast.expr_context)):
                self._collect(child, path, in_class)

    def outside_differs(self, other):
        """Whether code that runs at import differs, or the methods that a
        class has. A new function of a module alone changes nothing."""
        if other is None:
            return True
        both = set(self.at_import) & set(other.at_import)
        return (self.rest != other.rest
                or self._methods() != other._methods()
                or any(self.at_import[n] != other.at_import[n]
                       for n in both))

    def _unique(self, name):
        """The setter of a property, say, is "x#2"."""
        self._counts[name] = count = self._counts.get(name, 0) + 1
        return name if count == 1 else "%s#%d" % (name, count)

    def _methods(self):
        return {name: sorted(found) for name, found in self.classes.items()}

    def changed_functions(self, other):
        theirs = {} if other is None else other.functions
        for name, (node, dump) in self.functions.items():
            if name not in theirs or theirs[name][1] != dump:
                first = min([node.lineno]
                            + [d.lineno for d in node.decorator_list])
                yield {"qualname": name, "first_line": first,
                       "last_line": node.end_lineno}


class _WithoutFunctions(ast.NodeTransformer):
    def visit_FunctionDef(self, node):
        return None

    visit_AsyncFunctionDef = visit_FunctionDef


def _runs_at_import(function):
    """Decorators and defaults: what makes the function, not what it does."""
    arguments = function.args
    return [ast.dump(node) for node in (
        function.decorator_list + arguments.defaults
        + [d for d in arguments.kw_defaults if d is not None])]


def _drop_docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(
                node, clean=False) is not None:
            del node.body[0]


def is_compiled(path):
    for ending in TEMPLATES:
        if path.endswith(ending):
            path = path[:-len(ending)]
    return path.endswith(COMPILED)


def compare(base, patched, files, one=None):
    """@param files Paths that the patch changed, relative to both trees.
    @param one Compares one Python file; `compare_file` by default.
    @returns the result of the `targets` command."""
    trees = {"base": base, "patched": patched}
    result = {side: {"functions": [], "modules": []} for side in trees}
    result.update(compiled=[], unparsable=[], other=[])
    for path in files:
        if is_compiled(path):
            result["compiled"].append(path)
        elif not path.endswith(".py"):
            result["other"].append(path)
        else:
            _add(path, (one or compare_file)(base, patched, path), result)
    return result


def _add(path, found, result):
    """@param found What compare_file returns, None for what it cannot do."""
    if found is None:
        result["unparsable"].append(path)
        for side in ("base", "patched"):
            result[side]["modules"].append(path)
        return
    if not found:
        result["other"].append(path)
    for side, (functions, outside) in found.items():
        result[side]["functions"] += [dict(file=path, **f) for f in functions]
        if outside:
            result[side]["modules"].append(path)


def compare_file(base, patched, path):
    """@returns by side ([functions that changed], whether code outside of
    functions did); None for a file that is no Python of this version."""
    sides = {}
    for side, tree in (("base", base), ("patched", patched)):
        full = os.path.join(tree, *path.split("/"))
        if not os.path.isfile(full):
            continue
        if os.path.getsize(full) > LARGEST:
            return None
        try:
            with open(full, "rb") as source:
                sides[side] = Side(source.read())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    found = {}
    for side, mine in sides.items():
        other = sides.get("patched" if side == "base" else "base")
        found[side] = (list(mine.changed_functions(other)),
                       mine.outside_differs(other))
    return found


def serve():
    """Reads {"base", "patched", "files"}, writes a line for each file."""
    import json
    import resource
    import sys
    resource.setrlimit(resource.RLIMIT_DATA, (2 << 30, 2 << 30))
    order = json.load(sys.stdin)
    for path in order["files"]:
        found = compare_file(order["base"], order["patched"], path)
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


def main():
    # Generated sources may be nested deeply without harm.
    import sys
    import threading
    sys.setrecursionlimit(8000)
    threading.stack_size(512 << 20)
    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
