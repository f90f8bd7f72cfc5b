"""How a process of the tested environment starts with the harness bound first.

It is started as the interpreter behind the environment's link, which knows
nothing of the environment: its variables, its `pyvenv.cfg` and its site come
only after the binding.
"""
import os
import sys

# They name folders of foreign code; a worker gets them back after its start.
HELD = ("PYTHONPATH", "PYTHONPYCACHEPREFIX", "PYTHONSTARTUP")


class Replaced(Exception):
    """The environment's interpreter is not the one it was made with."""


def interpreter(python):
    """The program behind a virtual environment's link.

    @throws Replaced if a build put a program of its own there."""
    root = os.path.dirname(os.path.dirname(python))
    real = os.path.realpath(python)
    if os.path.isfile(os.path.join(root, "pyvenv.cfg")) and (
            real.startswith(os.path.realpath(root) + os.sep)):
        raise Replaced("%s is no link to an interpreter outside of its "
                       "environment" % python)
    return real


def become(python):
    """Makes this process one of the environment of `python`; what follows is
    site.main()."""
    root = os.path.dirname(os.path.dirname(python))
    sys.executable = python
    if os.path.isfile(os.path.join(root, "pyvenv.cfg")):
        sys.prefix = sys.exec_prefix = root


def held(environment):
    """What of `environment` a process gets after its start, and how."""
    path = environment.get("PYTHONPATH", "")
    return {"variables": {name: environment[name] for name in HELD
                          if name in environment},
            "path": [p for p in path.split(os.pathsep) if p],
            "pycache": environment.get("PYTHONPYCACHEPREFIX") or None}


def without(environment):
    return {k: v for k, v in environment.items() if k not in HELD}
