"""Writes a capture file of TCP connections on which nothing but given bytes was sent.

The file format is that of libpcap with raw IPv4 packets. The server's address is one for documentation (RFC 5737), the
clients' are from the range for benchmarks (RFC 2544), each with the same port; no network is touched.
"""

import struct

SERVER, SERVER_PORT = bytes((192, 0, 2, 1)), 1883
FIRST_CLIENT, CLIENT_PORT = int.from_bytes(bytes((198, 18, 0, 0)), "big"), 50000
SEGMENT = 1400   # bytes of TCP payload
RAW_IP = 101   # link type
PUSH_ACK = 0x18


def checksum(data):
    """The checksum of the Internet protocols."""
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Capture:
    """A capture file that is being written."""

    def __init__(self, file):
        self.file = file
        self.frames = 0
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, RAW_IP))

    def _frame(self, packet):
        self.frames += 1
        self.file.write(struct.pack("<IIII", self.frames, 0, len(packet), len(packet)) + packet)

    def segment(self, connection, payload, from_server):
        """One TCP segment."""
        ends = [(connection.client, CLIENT_PORT), (SERVER, SERVER_PORT)]
        (source, source_port), (target, target_port) = reversed(ends) if from_server else ends
        sent = connection.sent
        header = struct.pack(">HHIIBBHHH", source_port, target_port, 1 + sent[from_server], 1 + sent[not from_server],
                             5 << 4, PUSH_ACK, 65535, 0, 0)
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(payload), self.frames & 0xFFFF, 0, 64, 6, 0) + source + target
        ip = ip[:10] + checksum(ip).to_bytes(2, "big") + ip[12:]
        self._frame(ip + header + payload)
        sent[from_server] += len(payload)


class Connection:
    """A TCP connection in a capture."""

    def __init__(self, capture, number):
        self.capture = capture
        self.client = (FIRST_CLIENT + number).to_bytes(4, "big")
        self.sent = [0, 0]   # bytes of the client and of the server

    def send(self, data, from_server=False):
        """Sends bytes, in as many segments as they need; gives the number of the frame that completes them."""
        for begin in range(0, len(data), SEGMENT):
            self.capture.segment(self, data[begin:begin + SEGMENT], from_server)
        return self.capture.frames
