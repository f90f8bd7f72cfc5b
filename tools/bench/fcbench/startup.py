"""Variables that a Python process must not see before the harness is bound."""
import os

# They name folders of foreign code; a worker gets them back after its start.
HELD = ("PYTHONPATH", "PYTHONPYCACHEPREFIX", "PYTHONSTARTUP")


def held(environment):
    """What of `environment` a process gets after its start, and how."""
    path = environment.get("PYTHONPATH", "")
    return {"variables": {name: environment[name] for name in HELD
                          if name in environment},
            "path": [p for p in path.split(os.pathsep) if p],
            "pycache": environment.get("PYTHONPYCACHEPREFIX") or None}


def without(environment):
    return {k: v for k, v in environment.items() if k not in HELD}
