"""The peers in Python as contenders of the benchmark: `python peers.py torch|numpy IMAGES`.

A request a line in, an answer a line out, both JSON. IMAGES is the folder of packed images.
"""

import json
import os
import sys

# One thread, told before any library starts its own.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"


def say(answer):
    print(json.dumps(answer), flush=True)


def main():
    name, folder = sys.argv[1:]
    if name == "torch":
        from with_torch import Peer
    else:
        from with_numpy import Peer
    peer = Peer(folder)
    say({"ready": peer.version})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            say(getattr(peer, request["work"])(request))
        except Exception as error:  # whatever it is, the others go on
            say({"error": f"{type(error).__name__}: {error}"})


main()
