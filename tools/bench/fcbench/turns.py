"""In which order benchmarks are surveyed when time may not do for all."""


class Turns:
    """Shares time fairly between the modules of a suite, in a module between
    its classes: a heavy file cannot starve the others.

    @param items (module, dotted name, thing) in the suite's order. Usage:
    `for thing in turns: ...; turns.took(seconds)`.
    @param first Those of the things that come before all others.
    @param stay Seconds that a module keeps its turn, as changing it can mean
    to import another one.
    """

    def __init__(self, items, first=(), stay=0.0):
        self._first = list(dict.fromkeys(first))
        self._root = _Node()
        self._path = []
        self._stay = stay
        self._last = None  # the module whose turn it is
        early = set(self._first)
        for module, name, thing in items:
            if thing in early:
                continue
            node = self._root
            for part in [module] + name.split("."):
                node = node.parts.setdefault(part, _Node())
            node.things.append(thing)
        for node in self._root.all():
            node.things.reverse()

    def __iter__(self):
        yield from self._first
        while not self._root.empty():
            node, self._path = self._root, [self._root]
            while node.parts:
                node = self._next(node)
                self._path.append(node)
            yield node.things.pop()
            self._forget()

    def _next(self, node):
        if node is self._root and self._last is not None:
            module, until = self._last
            if not module.empty() and module.seconds < until:
                return module
        # Equal ones keep their order: min gives the first.
        found = min(node.parts.values(), key=lambda each: each.seconds)
        if node is self._root:
            self._last = (found, found.seconds + self._stay)
        return found

    def took(self, seconds):
        """What the last one cost."""
        for node in self._path:
            node.seconds += seconds

    def _forget(self):
        """Removes what is empty now from the last one's path."""
        for above, node in zip(self._path[-2::-1], self._path[:0:-1]):
            if node.empty():
                above.parts = {name: each for name, each
                               in above.parts.items() if each is not node}


class _Node:
    def __init__(self):
        self.seconds = 0.0
        self.parts = {}
        self.things = []

    def empty(self):
        return not self.parts and not self.things

    def all(self):
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(node.parts.values())
