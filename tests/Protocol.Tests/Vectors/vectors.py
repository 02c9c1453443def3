"""Reads and writes the golden vectors with Python's msgpack, which knows nothing of this project.

vectors.py unpack: lines of hexadecimal bytes in, lines of JSON out.
vectors.py pack: lines of JSON in, lines of hexadecimal bytes out, in the shortest encoding.
A bin is {"$bin": "hex"} in JSON.
"""
import json
import sys

import msgpack


def to_json(value):
    if isinstance(value, bytes):
        return {"$bin": value.hex()}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return value


def from_json(value):
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        if list(value) == ["$bin"]:
            return bytes.fromhex(value["$bin"])
        return {key: from_json(item) for key, item in value.items()}
    return value


for line in sys.stdin:
    if sys.argv[1] == "unpack":
        print(json.dumps(to_json(msgpack.unpackb(bytes.fromhex(line), raw=False))))
    else:
        print(msgpack.packb(from_json(json.loads(line)), use_bin_type=True).hex(" ").upper())
