"""nginx in front of a server, for what must hold there too."""

import contextlib
import os
import socket
import subprocess
import time

from newsroom import folder

# Every path is below the folder that nginx is given as its own.
SETTINGS = """daemon off; master_process off; pid pid; error_log log; events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  {http}
  upstream desk {{ server {server}; keepalive 4; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://desk; proxy_http_version 1.1; proxy_set_header Connection ''; {location} }}
  }}
}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def in_front(program, server, http="", location=""):
    """nginx before `server`, with these directives: its address, and its folder."""
    with folder() as own:
        port = free_port()
        with open(os.path.join(own, "nginx.conf"), "w") as file:
            file.write(SETTINGS.format(http=http, location=location, server=server.address, port=port))
        nginx = subprocess.Popen([program, "-p", own, "-c", "nginx.conf", "-e", "log"], stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                assert nginx.poll() is None, open(os.path.join(own, "log")).read()
                time.sleep(0.05)
            yield f"127.0.0.1:{port}", own
        finally:
            nginx.terminate()
            nginx.wait()
