"""The command line: `tinygeo area FILE`, `tinygeo hull FILE`."""

import argparse
import json
import sys

from . import wkt
from .hull import convex_hull
from .shapes import Polygon


def _parser():
    parser = argparse.ArgumentParser(prog="tinygeo")
    parser.add_argument("command", choices=["area", "hull"])
    parser.add_argument("file", help="well-known text, one polygon a line")
    parser.add_argument("--json", action="store_true")
    return parser


def _answer(command, ring):
    if command == "area":
        return Polygon(ring).area
    return wkt.dumps(convex_hull(ring))


def main(arguments=None):
    options = _parser().parse_args(arguments)
    with open(options.file, encoding="utf-8") as file:
        rings = wkt.load_lines(file.read())
    answers = [_answer(options.command, ring) for ring in rings]
    if options.json:
        json.dump(answers, sys.stdout)
        sys.stdout.write("\n")
    else:
        for answer in answers:
            print(answer)
    return 0
