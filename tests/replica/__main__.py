"""`python -m tests.replica [--port N]`: serve all replicas until Ctrl-C."""

import argparse
import contextlib
import threading

from tests.replica import ReplicaProxy, sites

parser = argparse.ArgumentParser(prog="python -m tests.replica", description="Serve the replica portals.")
parser.add_argument("--port", type=int, default=0, help="port of the proxy on 127.0.0.1 (default: any free one)")
arguments = parser.parse_args()

served = sites()
with ReplicaProxy(served, port=arguments.port) as proxy, contextlib.suppress(KeyboardInterrupt):
    print("Serving", ", ".join(site.host for site in served))
    print(f"export http_proxy={proxy.url} https_proxy={proxy.url} no_proxy=", flush=True)
    threading.Event().wait()
