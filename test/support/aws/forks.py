"""forks.py SOCKET: the real command line of AWS, loaded once. Each call on the socket is a fork of it that takes over the
caller's folder, environment, input and output, and then does what `aws` does; it ends when the caller does."""

import array
import gc
import importlib
import io
import os
import signal
import socket
import struct
import sys
import threading

import awscli
from awscli import clidriver
from botocore import loaders

read_file = loaders.JSONFileLoader.load_file
files = {}


def load_file(self, path):
    """Descriptions of services are megabytes of JSON: what has been read once, forks find in memory."""
    if path not in files:
        files[path] = read_file(self, path)
    return files[path]


def command(words):
    """What the script `aws` does."""
    sys.argv = ["aws", *words]
    return clidriver.main()


def warm():
    """Loads what calls load, by calls that find nobody."""
    nobody = ["--endpoint-url", "http://127.0.0.1:1", "--region", "eu-west-1"]
    os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_MAX_ATTEMPTS="1", AWS_CONFIG_FILE="/dev/null")
    out, err = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = io.StringIO()
    for words in (
        ["s3api", "head-object", "--bucket", "b", "--key", "k"],
        ["secretsmanager", "list-secrets"],
        ["route53", "list-hosted-zones"],
    ):
        command([*words, *nobody])
    sys.stdout, sys.stderr = out, err


def received(caller):
    """Descriptors and words of a call."""
    data, ancillary, _, _ = caller.recvmsg(65536, socket.CMSG_SPACE(3 * 4))
    fds = array.array("i")
    for _, _, content in ancillary:
        fds.frombytes(content)
    (length,) = struct.unpack("=I", data[:4])
    data = data[4:]
    while len(data) < length:
        data += caller.recv(65536)
    return list(fds), [os.fsdecode(word) for word in data.split(b"\0")]


def serve(caller):
    fds, (umask, folder, count, *rest) = received(caller)
    words, settings = rest[: int(count)], rest[int(count) :]
    for number, fd in enumerate(fds):
        os.dup2(fd, number)
        os.close(fd)
    os.umask(int(umask))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(one.split("=", 1) for one in settings)
    # As it is loaded it says in the environment where its data is.
    importlib.reload(awscli)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    threading.Thread(target=lambda: (caller.recv(1), os._exit(137)), daemon=True).start()
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)
    try:
        code = command(words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    caller.send(bytes([(code or 0) & 255]))
    os._exit(0)


def main(path):
    loaders.JSONFileLoader.load_file = load_file
    warm()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    # Whoever started this holds its input open.
    threading.Thread(target=lambda: (os.read(0, 1), os._exit(0)), daemon=True).start()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    print("ready", flush=True)
    while True:
        caller, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            try:
                serve(caller)
            except BaseException as error:
                os.write(2, f"{error!r}\n".encode())
            os._exit(1)
        caller.close()


main(sys.argv[1])
