import _socket, os, sys
caller = _socket.socket(_socket.AF_UNIX)
caller.connect(SOCKET)
umask = os.umask(0)
os.umask(umask)
words = [str(umask), os.getcwd(), str(len(sys.argv) - 1), *sys.argv[1:], *(f"{name}={value}" for name, value in os.environ.items())]
data = b"\0".join(os.fsencode(word) for word in words)
data = len(data).to_bytes(4, sys.byteorder) + data
fds = b"".join(fd.to_bytes(4, sys.byteorder) for fd in (0, 1, 2))
sent = caller.sendmsg([data[:65536]], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, fds)])
# Nothing, sent to who has answered and gone, would be a broken pipe.
if sent < len(data):
    caller.sendall(data[sent:])
code = caller.recv(1)
os._exit(code[0] if code else 137)
