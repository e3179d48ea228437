# A custom mutator for AFL++: it asks a running `nix-wire mutate TYPE --serve` for inputs that keep the grammar, or break
# one rule of it.
#
#   PYTHONPATH=examples/afl AFL_PYTHON_MODULE=nix_wire_mutator NIX_WIRE_TYPE=UInt64 afl-fuzz -i seeds -o out -- ./decoder
#
# NIX_WIRE_TYPE may have options behind the type: "ValidPathInfo -p 1.37". NIX_WIRE is the command, if not `nix-wire`.
import base64
import os
import shlex
import subprocess

server = None


def init(seed):
    global server
    command = shlex.split(os.environ.get("NIX_WIRE", "nix-wire"))
    words = shlex.split(os.environ["NIX_WIRE_TYPE"])
    server = subprocess.Popen(
        [*command, "mutate", *words, "--serve", f"--seed={seed % 2**31}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def fuzz(buf, add_buf, max_size):
    server.stdin.write(base64.b64encode(buf) + b"\n")
    server.stdin.flush()
    made = bytearray(base64.b64decode(server.stdout.readline()))
    return made if 0 < len(made) <= max_size else bytearray(buf)


def deinit():
    server.stdin.close()
    server.wait()
