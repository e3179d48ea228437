"""Reads the valid vectors of a folder, and refuses those whose form is broken. It knows the published layouts and nothing else.

python3 read_vectors.py DIR: prints how many vectors it read and refused, and each that is not as it says.
"""

import json
import pathlib
import struct
import sys


class Refusal(Exception):
    pass


class Reader:
    def __init__(self, data, version):
        self.data, self.at, self.version = data, 0, version

    def take(self, count):
        if count > len(self.data) - self.at:
            raise Refusal("more bytes expected")
        self.at += count
        return self.data[self.at - count : self.at]

    def integer(self, greatest=2**64 - 1):
        number = struct.unpack("<Q", self.take(8))[0]
        if number > greatest:
            raise Refusal("an integer out of its range")
        return number

    def boolean(self):
        return self.integer() != 0

    def text(self):
        length = self.integer(64 * 2**20)
        content = self.take(length)
        if any(self.take(-length % 8)):
            raise Refusal("padding that is not zero")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refusal("no UTF-8") from error

    def optional(self):
        return self.text() or None

    def listed(self, item):
        return [item() for _ in range(self.integer(16 * 2**20))]

    def mapped(self, key, item):
        return dict((key(), item()) for _ in range(self.integer(16 * 2**20)))

    def info(self):
        read = {
            "deriver": self.optional(),
            "narHash": self.text(),
            "references": self.listed(self.text),
            "registrationTime": self.integer(),
            "narSize": self.integer(),
        }
        late = self.version >= (1, 16)
        read["ultimate"] = self.boolean() if late else False
        read["signatures"] = self.listed(self.text) if late else []
        read["ca"] = self.optional() if late else None
        return read


TYPES = {
    "UInt64": Reader.integer,
    "UInt8": lambda r: r.integer(255),
    "Bool64": Reader.boolean,
    "String": Reader.text,
    "StorePath": Reader.text,
    "OptStorePath": Reader.optional,
    "List<UInt64>": lambda r: r.listed(r.integer),
    "List<List<String>>": lambda r: r.listed(lambda: r.listed(r.text)),
    "Set<String>": lambda r: r.listed(r.text),
    "Map<String,UInt64>": lambda r: r.mapped(r.text, r.integer),
    "UnkeyedValidPathInfo": Reader.info,
    "ValidPathInfo": lambda r: {"path": r.text(), "info": r.info()},
}

# What this reader sees: it knows no rules of texts, and no order.
FORMS = {"padding", "padding-overflow", "truncated", "trailing-bytes", "sign", "not-utf-8"}


def read(kind, data, version):
    reader = Reader(data, version)
    value = TYPES[kind](reader)
    if reader.at != len(data):
        raise Refusal("bytes behind the message")
    return value


def main(folder):
    counts = {"read": 0, "refused": 0}
    wrong = []
    for file in sorted(pathlib.Path(folder).glob("*/vectors.json")):
        vectors = json.loads(file.read_text("utf-8"))
        for group in vectors["groups"]:
            version = tuple(int(part) for part in group["protocol"].get("version", "0.0").split("."))
            for vector in group["vectors"]:
                try:
                    value = read(vectors["type"], bytes.fromhex(vector["hex"]), version)
                except Refusal as refusal:
                    value = refusal
                if vector["result"] == "valid":
                    counts["read"] += 1
                    if isinstance(value, Refusal) or value != vector["value"]:
                        wrong.append(f'{vector["id"]} {vector["rule"]}: {value!r}')
                elif vector["result"] == "invalid" and FORMS & set(vector["flags"]):
                    counts["refused"] += 1
                    if not isinstance(value, Refusal):
                        wrong.append(f'{vector["id"]} {vector["rule"]} is accepted')
    print(json.dumps({**counts, "wrong": wrong}))


main(sys.argv[1])
