# A decoder and an encoder of List<UInt64>. Put yours here.
import struct


class Refusal(Exception):
    pass


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
