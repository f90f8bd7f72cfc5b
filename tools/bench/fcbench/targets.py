"""What a patch changed, by comparing the syntax trees of both sides.

Functions are the outermost ones: methods count by themselves, what is nested
in a function belongs to it. Docstrings and comments do not count.
"""
import ast
import os

COMPILED = (".c", ".cc", ".cpp", ".cxx", ".c++", ".h", ".hh", ".hpp", ".hxx",
            ".inl", ".pyx", ".pxd", ".pxi", ".rs", ".f", ".for", ".f77",
            ".f90", ".f95", ".F", ".F90", ".cu", ".cuh", ".m", ".mm", ".s",
            ".S", ".asm", ".go", ".zig")
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
        self._collect(tree, (), in_class=False)
        self.decorators = {name: [ast.dump(d) for d in node.decorator_list]
                           for name, (node, _) in self.functions.items()}
        self.rest = ast.dump(_WithoutFunctions().visit(tree))

    def _collect(self, node, path, in_class):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, FUNCTIONS):
                name = _unique(".".join(path + (child.name,)), self.functions)
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
        both = set(self.decorators) & set(other.decorators)
        return (self.rest != other.rest
                or self._methods() != other._methods()
                or any(self.decorators[n] != other.decorators[n]
                       for n in both))

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


def _unique(name, taken):
    """The setter of a property, say, is "x#2"."""
    if name not in taken:
        return name
    count = 2
    while "%s#%d" % (name, count) in taken:
        count += 1
    return "%s#%d" % (name, count)


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


def compare(base, patched, files):
    """@param files Paths that the patch changed, relative to both trees.
    @returns the result of the `targets` command."""
    trees = {"base": base, "patched": patched}
    result = {side: {"functions": [], "modules": []} for side in trees}
    result.update(compiled=[], unparsable=[], other=[])
    for path in files:
        if is_compiled(path):
            result["compiled"].append(path)
        elif path.endswith(".py"):
            _compare_file(trees, path, result)
        else:
            result["other"].append(path)
    return result


def _compare_file(trees, path, result):
    sides = {}
    for side, tree in trees.items():
        full = os.path.join(tree, *path.split("/"))
        if not os.path.isfile(full):
            continue
        try:
            with open(full, "rb") as source:
                sides[side] = Side(source.read())
        except (SyntaxError, ValueError, RecursionError):
            result["unparsable"].append(path)
            return
    if not sides:
        result["other"].append(path)
    for side, mine in sides.items():
        other = sides.get("patched" if side == "base" else "base")
        result[side]["functions"] += [
            dict(file=path, **f) for f in mine.changed_functions(other)]
        if mine.outside_differs(other):
            result[side]["modules"].append(path)
