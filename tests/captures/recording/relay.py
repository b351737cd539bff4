"""A TCP relay on loopback that keeps what each side of one connection sends."""

import socket
import threading
import time

from recording.mqtt_reader import whole_frames

PATIENCE = 15.0  # seconds that any single step of a recording may take


class RecordingError(Exception):
    """A scenario did not go as planned."""


class Relay:
    """Listens on a free port, passes one connection on to the broker and records both directions."""

    def __init__(self, broker_port):
        self.broker_port = broker_port
        self.sent = {"client": bytearray(), "server": bytearray()}
        self._changed = threading.Condition()
        self._sockets = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE)
        self.port = self._listener.getsockname()[1]
        self._main = threading.Thread(target=self._relay, daemon=True)
        self._main.start()

    def _relay(self):
        try:
            client, _ = self._listener.accept()
        except OSError:
            return
        finally:
            self._listener.close()
        server = socket.create_connection(("127.0.0.1", self.broker_port))
        self._sockets = [client, server]
        for end in self._sockets:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pumps = [threading.Thread(target=self._pump, args=("client", client, server), daemon=True),
                 threading.Thread(target=self._pump, args=("server", server, client), daemon=True)]
        for pump in pumps:
            pump.start()
        for pump in pumps:
            pump.join()
        for end in self._sockets:
            end.close()

    def _pump(self, role, source, sink):
        try:
            while chunk := source.recv(65536):
                with self._changed:
                    self.sent[role] += chunk
                    self._changed.notify_all()
                sink.sendall(chunk)
        except OSError:
            pass  # a side that resets the connection ends this direction like one that closes it
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other side is gone already

    def has_sent(self, role, packet_name):
        frames = whole_frames(bytes(self.sent[role]))
        return any(frame.name == packet_name for frame in frames)

    def wait_for(self, role, packet_name):
        """Returns once `role` has sent a packet of this name."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.has_sent(role, packet_name), PATIENCE):
                raise RecordingError(f"the {role} sent no {packet_name}")

    def cut(self):
        """Ends the connection on both sides, as a broken network does."""
        for end in self._sockets:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # closed already
        self.wait_closed()

    def wait_closed(self):
        self._main.join(PATIENCE)
        if self._main.is_alive():
            raise RecordingError("the connection stayed open")


def wait_until(condition, what, step=lambda: time.sleep(0.02)):
    """Repeats `step` until `condition` holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise RecordingError(f"waited in vain for {what}")
        step()
