"""Entry: `python3 -I -S /fc/harness/fcbench COMMAND ...`.

Python puts this folder on sys.path, where `trace` or `suite` would hide the
modules of others, so it is taken off and the package is loaded by its path.
"""
import os
import sys


def load_package(folder):
    import importlib.util
    spec = importlib.util.spec_from_file_location(
        "fcbench", os.path.join(folder, "__init__.py"),
        submodule_search_locations=[folder])
    package = importlib.util.module_from_spec(spec)
    sys.modules["fcbench"] = package
    spec.loader.exec_module(package)


def main():
    # What the tested environment has for start-up (.pth files, PYTHONPATH)
    # must not run in this process, whoever starts it.
    if not (sys.flags.isolated and sys.flags.no_site):
        os.execv(sys.executable, [sys.executable, "-I", "-S", "-B",
                                  os.path.abspath(__file__)] + sys.argv[1:])
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [p for p in sys.path
                   if p and os.path.realpath(p) != os.path.realpath(folder)]
    load_package(folder)
    from fcbench import cli
    cli.main(sys.argv[1:])


if __name__ == "__main__":
    main()
