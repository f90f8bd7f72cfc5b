"""Start of a worker: `PYTHON -S boot.py DESCRIPTOR`, in the tested environment.

`-S` keeps .pth files and sitecustomize back until the harness has bound its
clocks and functions; serve.py runs them then.
"""
import os
import sys


def main():
    # This folder and what the environment's variables name are no place to
    # look for the harness's own imports.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [p for p in sys.path
                   if p and os.path.realpath(p) != os.path.realpath(here)]
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    import importlib.util
    folder = os.path.dirname(here)
    spec = importlib.util.spec_from_file_location(
        "fcbench", os.path.join(folder, "__init__.py"),
        submodule_search_locations=[folder])
    sys.modules["fcbench"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["fcbench"])
    from fcbench.worker import serve
    sys.dont_write_bytecode = writes
    serve.main(int(sys.argv[1]))


if __name__ == "__main__":  # workers that a benchmark spawns import this file
    main()
