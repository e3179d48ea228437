# A decoder of List<UInt64> behind the adapter protocol: python3 adapter.py
import base64
import json
import struct
import sys


class Refusal(Exception):
    pass


# Put a decoder of yours here.
def decode(data):
    def integer(at):
        if len(data) - at < 8:
            raise Refusal(at, "expected 8 bytes")
        return struct.unpack_from("<Q", data, at)[0]

    count = integer(0)
    if count > len(data) // 8:
        raise Refusal(0, "more items than bytes")
    items = [integer(8 + 8 * i) for i in range(count)]
    if 8 + 8 * count != len(data):
        raise Refusal(8 + 8 * count, "bytes behind the list")
    return items


def encode(items):
    return struct.pack(f"<Q{len(items)}Q", len(items), *items)


def text(data):
    return base64.b64encode(data).decode()


def answer(question):
    if question["do"] == "describe":
        can = ["decode", "value", "bytes", "offset", "encode"]
        return {"adapter": 1, "name": "list", "types": ["List<UInt64>"], "can": can}
    if question["type"] != "List<UInt64>":
        return {"skip": "only List<UInt64> is known"}
    if question["do"] == "encode":
        return {"bytes": text(encode(question["value"]))}
    try:
        items = decode(base64.b64decode(question["bytes"]))
    except Refusal as refusal:
        return {"accepts": False, "offset": refusal.args[0], "message": refusal.args[1]}
    return {"accepts": True, "value": items, "bytes": text(encode(items))}


for line in sys.stdin:
    question = json.loads(line)
    print(json.dumps({"id": question["id"], **answer(question)}), flush=True)
