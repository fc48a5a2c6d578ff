"""A small HTTP tracker for measurements: names up to 30 others at random to whoever announces.

usage: tracker.py ADDRESS PORT SEED
"""
import random
import socket
import struct
import sys
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

rng = random.Random(sys.argv[3])
members = {}


class Announce(BaseHTTPRequestHandler):
    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query, encoding="latin-1")
        me = (self.client_address[0], int(query["port"][0]))
        others = [peer for peer in members if peer != me]
        members[me] = True
        chosen = rng.sample(others, min(30, len(others)))
        peers = b"".join(socket.inet_aton(ip) + struct.pack(">H", port) for ip, port in chosen)
        body = b"d8:intervali1800e5:peers%d:%se" % (len(peers), peers)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form, *values):
        pass


server = ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Announce)
print("ready", flush=True)
server.serve_forever()
