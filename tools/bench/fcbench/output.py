"""Results as JSON files: whole or absent, ASCII, and never with a bare NaN."""
import json
import os


def write_json(path, value):
    """Replaces `path` at once, so that a reader sees all of it or nothing."""
    part = "%s.%s.part" % (path, os.urandom(8).hex())
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL
                     | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        with open(handle, "w", encoding="ascii") as out:
            json.dump(value, out, allow_nan=False, ensure_ascii=True)
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise
