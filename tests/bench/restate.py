"""restate.py FROM TO reordered|changed: a copy of a bucket that says the same in other words, or not quite the same.

reordered: the members of every object of every log in reverse order; changed: another userAgent in every hundredth record, and of all
other records, and of logs without such a one, every byte as it was."""
import gzip
import json
import multiprocessing
import os
import re
import shutil
import sys

EVERY = 100
AGENT = re.compile(rb'"userAgent":"(?:[^"\\]|\\.)*"')


def turn(value):
    if isinstance(value, dict):
        return {name: turn(value[name]) for name in reversed(value)}
    if isinstance(value, list):
        return [turn(element) for element in value]
    return value


def reordered(text, _first):
    log = json.loads(text)
    log["Records"] = [turn(record) for record in log["Records"]]
    return json.dumps(log, separators=(",", ":"), ensure_ascii=False).encode()


def changed(text, first):
    number = first

    def agent(match):
        nonlocal number
        number += 1
        return match[0] if number % EVERY else b'"userAgent":"another"'

    return AGENT.sub(agent, text)


def copy(job):
    source, target, way, first = job
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if "_CloudTrail_" in source:
        with gzip.open(source) as file:
            text = file.read()
        other = way(text, first)
        if other != text:
            with open(target, "wb") as file:
                file.write(gzip.compress(other, 6))
            return
    shutil.copyfile(source, target)


def main():
    source, target, way = sys.argv[1:]
    paths = sorted(os.path.join(folder, name) for folder, _, names in os.walk(source) for name in names)
    jobs = [(path, os.path.join(target, os.path.relpath(path, source)), {"reordered": reordered, "changed": changed}[way], 16 * i)
            for i, path in enumerate(paths)]
    with multiprocessing.Pool() as pool:
        pool.map(copy, jobs, 64)


main()
