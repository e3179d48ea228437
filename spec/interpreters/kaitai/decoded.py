"""Reads messages with decoders that Kaitai Struct made: {"dir": …, "cases": [{"module", "hex"}]} on standard input.

Answers with what Kaitai's runtime has read of each, and what Construct has built again.
"""
import enum
import importlib
import json
import sys


def shown(value):
    if isinstance(value, enum.Enum):
        return {"int": str(value.value)}
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, list):
        return {"list": [shown(each) for each in value]}
    fields = [(name, each) for name, each in vars(value).items() if not name.startswith("_")]
    if isinstance(getattr(type(value), "value", None), property):
        fields.append(("value", value.value))
    return {"fields": [[name, shown(each)] for name, each in fields]}


def kaitai(case, data):
    module = importlib.import_module("kaitai." + case["module"])
    root = getattr(module, case["module"].capitalize())
    refused = False
    try:
        root.Message.from_bytes(data + b"\0")
    except Exception:
        refused = True
    return {"value": shown(root.Message.from_bytes(data).value), "refusesMore": refused}


def construct(case, data):
    schema = importlib.import_module("construct_." + case["module"])._schema
    return schema.build(schema.parse(data)).hex()


asked = json.load(sys.stdin)
sys.path.insert(0, asked["dir"])
answers = []
for case in asked["cases"]:
    data = bytes.fromhex(case["hex"])
    answers.append({"kaitai": kaitai(case, data), "construct": construct(case, data)})
json.dump(answers, sys.stdout)
