# A decoder behind the adapter protocol: python3 adapter.py
import base64
import json
import sys

from decoder import Refusal, decode, encode


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
