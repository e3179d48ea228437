"""Decoders of ten types: right, or with one planted fault.

`python3 decoders.py [FAULT]` is an adapter. `python3 decoders.py --all` tries the right decoder and those with the faults
that are asked for on many messages at once.
"""

import base64
import json
import re
import struct
import sys

FAULT = sys.argv[1] if len(sys.argv) > 1 else ""
STORE = "/nix/store"
STRING_LIMIT = 64 << 20
COLLECTION_LIMIT = 16 << 20
NIX32 = "0123456789abcdfghijklmnpqrsvwxyz"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
SIZES = {"md5": 16, "sha1": 20, "sha256": 32, "sha512": 64, "blake3": 32}


def has(fault):
    return FAULT == fault


class Refusal(Exception):
    """What is wrong, in words."""


def expect(holds, what):
    if not holds:
        raise Refusal(what)


class Reader:
    """Primitives, one after another."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        expect(count <= len(self.data) - self.at, "more bytes")
        taken = self.data[self.at : self.at + count]
        self.at += count
        return taken

    def integer(self):
        return struct.unpack("<Q", self.take(8))[0]

    def padded(self, limit=STRING_LIMIT):
        length = self.integer()
        if has("lengths of 32 bits"):
            length &= 0xFFFFFFFF
        if has("lengths of 16 bits"):
            length &= 0xFFFF
        expect(length <= limit, "a shorter string")
        if has("strings of 160 bytes"):
            expect(length <= 160, "a shorter string")
        if has("strings of 1023 bytes"):
            expect(length <= 1023, "a shorter string")
        content = self.take(length)
        padding = self.take(-length % 8)
        if has("padding unchecked"):
            return content
        if has("only the first byte of padding checked"):
            padding = padding[:1]
        expect(not any(padding), "padding of zeros")
        return content

    def utf8(self):
        content = self.padded()
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refusal("UTF-8") from error

    def escaped(self, limit=STRING_LIMIT):
        return self.padded(limit).decode("utf-8", "surrogateescape")

    def count(self):
        count = self.integer()
        if has("counts of 32 bits"):
            count &= 0xFFFFFFFF
        if has("counts of 8 bits"):
            count &= 0xFF
        if has("at most 8 items"):
            expect(count <= 8, "fewer items")
        if has("at most 16 items"):
            expect(count <= 16, "fewer items")
        expect(count <= COLLECTION_LIMIT, "fewer items")
        return count

    def word(self, *words):
        word = self.padded(32).decode("latin-1")
        expect(word in words, " or ".join(words))
        return word


def text_list(reader):
    texts = []
    for _ in range(reader.count()):
        text = reader.escaped()
        if has("bytes that are not UTF-8 lost"):
            text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if has("byte order mark dropped"):
            text = text.removeprefix("\ufeff")
        if has("text up to the first NUL"):
            text = text.split("\0")[0]
        texts.append(text)
    return texts


def string_set(reader):
    items = [reader.utf8() for _ in range(reader.count())]
    octets = [item.encode() for item in items]
    if has("sets must ascend"):
        expect(octets == sorted(octets), "an ascending set")
    if has("sets must have each item once"):
        expect(len(set(items)) == len(items), "each item once")
    if has("second of two equal items dropped"):
        return list(dict.fromkeys(items))
    if has("sets sorted when read"):
        return sorted(items, key=str.encode)
    return items


def number_map(reader):
    entries = {}
    last = None
    for _ in range(reader.count()):
        key, value = reader.utf8(), reader.integer()
        if has("maps must ascend"):
            expect(last is None or key.encode() >= last, "an ascending map")
        last = key.encode()
        if has("numbers through a double"):
            value = min(int(float(value)), (1 << 64) - 1)
        if has("first of two entries counts") and key in entries:
            continue
        entries[key] = value
    return entries


def name(text):
    letters = r"[0-9a-zA-Z+._?=-]"
    if has("~ and @ in names"):
        letters = r"[0-9a-zA-Z+._?=@~-]"
    if has("spaces in names"):
        letters = r"[0-9a-zA-Z+._?= -]"
    most = 255 if has("names of 255 characters") else 211
    expect(re.fullmatch(letters + "{1,%d}" % most, text, re.ASCII), "a name")
    if not has("dots as names"):
        expect(text not in (".", "..") and not text.startswith((".-", "..-")), "another name")
    return text


def base_name(text):
    symbols = "0-9a-z" if has("e, o, t and u in hashes") else NIX32
    if has("upper case in hashes"):
        symbols = NIX32 + "A-Z"
    expect(re.match("[" + symbols + "]{32}-", text, re.ASCII), "a hash and a dash")
    name(text[33:])
    return text


def clean(text):
    expect(text.startswith("/"), "an absolute path")
    kept = []
    for piece in text.split("/"):
        if piece == "..":
            kept = kept[:-1]
        elif piece not in ("", "."):
            kept.append(piece)
    return "/" + "/".join(kept)


def store_path(text, strict=False):
    expect(len(text) <= len(STORE) + 4096, "a shorter path")
    cleaned = text if strict or has("paths are not cleaned up") else clean(text)
    if has("no way up in a path"):
        expect("/../" not in text, "no way up")
    expect(cleaned.startswith(STORE + "/"), "a path in the store")
    base_name(cleaned[len(STORE) + 1 :])
    return text if has("paths kept as they came") else cleaned


def from_base64(text):
    symbols = text.split("=")[0].replace("\n", "")
    if has("- and _ in base64"):
        symbols = symbols.replace("-", "+").replace("_", "/")
    expect(all(each in BASE64 for each in symbols), "base64")
    number = 0
    for each in symbols:
        number = number << 6 | BASE64.index(each)
    octets = len(symbols) * 6 // 8
    return (number >> (len(symbols) * 6 - octets * 8)).to_bytes(octets, "big")


def to_base64(octets):
    return base64.b64encode(octets).decode()


def from_nix32(text, size):
    if has("upper case in nix32"):
        text = text.lower()
    expect(all(each in NIX32 for each in text), "nix32")
    number = 0
    for each in text:
        number = number << 5 | NIX32.index(each)
    if has("first symbol of nix32 unchecked"):
        number &= (1 << size * 8) - 1
    expect(number < 1 << size * 8, "no bits beyond the last byte")
    return number.to_bytes(size, "little")


def to_nix32(octets):
    number = int.from_bytes(octets, "little")
    count = (len(octets) * 8 + 4) // 5
    return "".join(NIX32[number >> 5 * i & 31] for i in reversed(range(count)))


def digest(algorithm, text):
    size = SIZES[algorithm]
    if has("digests of any algorithm"):
        size = next((each for each in SIZES.values() if len(text) == (each * 8 + 4) // 5), size)
    if len(text) == size * 2:
        if has("digests in lower case only"):
            expect(text == text.lower(), "lower case")
        expect(not has("digests in nix32 only"), "nix32")
        expect(re.fullmatch("[0-9a-fA-F]*", text, re.ASCII), "base16")
        return bytes.fromhex(text)
    expect(not has("digests in base16 only"), "base16")
    if len(text) == (size * 8 + 4) // 5:
        return from_nix32(text, size)
    expect(len(text) == (size + 2) // 3 * 4, "a digest")
    expect(not has("digests in nix32 only"), "nix32")
    octets = from_base64(text)
    expect(len(octets) == size, "a digest")
    return octets


def nar_hash(text):
    expect(not has("digests in base16 only") or "-" not in text, "base16")
    if ":" in text:
        algorithm, _, rest = text.partition(":")
        expect(algorithm == "sha256", "sha256")
        octets = digest("sha256", rest)
    elif "-" in text:
        algorithm, _, rest = text.partition("-")
        expect(algorithm == "sha256", "sha256")
        octets = from_base64(rest)
        expect(len(octets) == 32, "a digest")
    else:
        octets = digest("sha256", text)
    return text if has("hashes kept as they came") else octets.hex()


def signature(text):
    key, colon, rest = text.partition(":")
    try:
        text.encode("utf-8")
        octets = from_base64(rest)
    except (UnicodeEncodeError, Refusal):
        octets = b""
    if key == "" or colon == "" or octets == b"":
        expect(not has("free text is no signature"), "a key name, a colon, base64")
        return text
    if has("padding of base64 is needed"):
        expect(len(rest) % 4 == 0, "padding")
    return text if has("signatures kept as they came") else key + ":" + to_base64(octets)


METHODS = ["text:", "fixed:r:", "fixed:git:", "fixed:"]


def content_address(text):
    method = next((each for each in METHODS if text.startswith(each)), None)
    expect(method is not None, "a method")
    algorithm, colon, rest = text[len(method) :].partition(":")
    expect(algorithm in SIZES and colon, "an algorithm")
    octets = digest(algorithm, rest)
    if has("trees taken for flat files") and method == "fixed:r:":
        method = "fixed:"
    return method + algorithm + ":" + to_nix32(octets)


def derived_path(text):
    path, *outputs = text.split("!")
    most = 66 if has("65 levels of derivations") else 10 if has("9 levels of derivations") else 65
    expect(len(outputs) < most, "fewer levels")
    path = store_path(path)
    if not outputs:
        return path
    for each in outputs[:-1]:
        name(each)
    last = outputs[-1]
    if last != "*":
        names = [name(each) for each in last.split(",")]
        if has("output names must ascend"):
            expect(names == sorted(set(names)), "ascending names")
        last = ",".join(names if has("output names kept as they came") else sorted(set(names)))
    return "!".join([path, *outputs[:-1], last])


def derivation_output(reader):
    path, method, hashed = reader.utf8(), reader.utf8(), reader.utf8()
    if path:
        store_path(path, strict=True)
    prefix, colon, algorithm = method.rpartition(":")
    if method:
        expect(prefix + colon in ("", "r:", "git:", "text:") and algorithm in SIZES, "a method")
    if hashed and hashed != "impure":
        expect(any_digest(hashed), "a digest")
    if not method:
        expect(not has("a hash without an algorithm refused") or not hashed, "no hash")
        hashed = hashed if has("a hash without an algorithm kept") else ""
    elif hashed in ("", "impure"):
        expect(not path, "no path")
    else:
        expect(path or has("a fixed output without its path"), "a path")
        hashed = digest(algorithm, hashed).hex()
    return {"path": path or None, "hashAlgo": method or None, "hash": hashed or None}


def any_digest(text):
    for algorithm in SIZES:
        try:
            digest(algorithm, text)
            return True
        except Refusal:
            pass
    return False


def nar(reader):
    reader.word("nix-archive-1")
    reader.word("(")
    reader.word("type")
    return {"root": node(reader, 1)}


def node(reader, depth):
    most = 10 if has("ten levels of directories") else 10**9 if has("any number of levels") else 64
    expect(depth <= most, "fewer levels")
    kind = reader.word("regular", "symlink", "directory")
    if kind == "regular":
        executable = reader.word("executable", "contents") == "executable"
        if executable:
            empty = reader.padded(32)
            expect(empty == b"" or has("a text for an executable"), "an empty text")
            reader.word("contents")
        contents = reader.padded()
        reader.word(")")
        executable = executable and not has("executables are plain files")
        return {"type": kind, "executable": executable, "contents": to_base64(contents)}
    if kind == "symlink":
        reader.word("target")
        target = reader.escaped(9999 if has("targets of any length") else 4095)
        expect(target != "", "a target")
        expect("\0" not in target or has("NUL in a target"), "no NUL")
        reader.word(")")
        return {"type": kind, "target": target}
    return {"type": kind, "entries": entries(reader, depth)}


def entries(reader, depth):
    found = []
    last = None
    while reader.word("entry", ")") == "entry":
        reader.word("(")
        reader.word("name")
        entry = reader.escaped(9999 if has("entry names of any length") else 255)
        expect(entry != "", "a name")
        expect(entry != "." or has(". for an entry"), "another name")
        expect(entry != ".." or has(".. for an entry"), "another name")
        expect("/" not in entry or has("a slash in an entry"), "no slash")
        expect("\0" not in entry or has("NUL in an entry"), "no NUL")
        octets = entry.encode("utf-8", "surrogateescape")
        if last is not None and not has("entries in any order"):
            expect(octets >= last if has("entries twice") else octets > last, "ascending names")
        last = octets
        reader.word("node")
        reader.word("(")
        reader.word("type")
        found.append({"name": entry, "node": node(reader, depth + 1)})
        reader.word(")")
    return found


DECODERS = {
    "List<Text>": text_list,
    "Set<String>": string_set,
    "Map<String,UInt64>": number_map,
    "StorePath": lambda reader: store_path(reader.utf8()),
    "NARHash": lambda reader: nar_hash(reader.utf8()),
    "Signature": lambda reader: signature(reader.escaped()),
    "ContentAddress": lambda reader: content_address(reader.utf8()),
    "DerivedPath": lambda reader: derived_path(reader.utf8()),
    "DerivationOutput": derivation_output,
    "Nar": nar,
}


def decoded(kind, data):
    reader = Reader(data)
    try:
        value = DECODERS[kind](reader)
        expect(reader.at == len(reader.data) or has("bytes behind the message"), "the end")
    except Refusal as refusal:
        return {"accepts": False, "message": str(refusal)}
    return {"accepts": True, "value": value}


def with_fault(fault, kind, data):
    global FAULT
    FAULT = fault
    try:
        return decoded(kind, data)
    except Exception as error:
        return {"crashes": repr(error)}


def compared(question):
    """The right answer to each message, and of each fault the answers that are others, with the number of the message."""
    messages = [base64.b64decode(each) for each in question["messages"]]
    right = [with_fault("", question["type"], each) for each in messages]
    others = []
    for fault in question["faults"]:
        answers = [with_fault(fault, question["type"], each) for each in messages]
        others.append([[i, each] for i, each in enumerate(answers) if each != right[i]])
    return {"right": right, "others": others}


def answer(question):
    if question["do"] == "describe":
        return {"adapter": 1, "name": FAULT, "types": list(DECODERS), "can": ["decode", "value"]}
    return decoded(question["type"], base64.b64decode(question["bytes"]))


sys.setrecursionlimit(20000)
for line in sys.stdin:
    asked = json.loads(line)
    if sys.argv[1:] == ["--all"]:
        print(json.dumps(compared(asked)), flush=True)
    else:
        print(json.dumps({"id": asked["id"], **answer(asked)}), flush=True)
