"""An HTTP tracker that gives each address exactly the peers that it is told to give.

usage: tracker.py PORT

An order is a JSON object a line: {"to": "10.0.0.1" or "*", "peers": [["10.0.0.2", 6881]]}; each is answered by {}.
Ends with its standard input.
"""
import json
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

given = {"*": []}


class Announce(BaseHTTPRequestHandler):
    def do_GET(self):
        source = self.client_address[0]
        peers = given.get(source, given["*"])
        compact = b"".join(socket.inet_aton(ip) + struct.pack(">H", port) for ip, port in peers)
        body = b"d8:completei1e10:incompletei1e8:intervali1800e5:peers%d:%se" % (len(compact), compact)
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form, *values):
        sys.stderr.write("%s %s\n" % (self.client_address[0], form % values))


class Tracker(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


server = Tracker(("0.0.0.0", int(sys.argv[1])), Announce)
threading.Thread(target=server.serve_forever, daemon=True).start()
for line in sys.stdin:
    order = json.loads(line)
    given[order["to"]] = order["peers"]
    print("{}", flush=True)
