"""Forms with files, as a browser sends them."""

from collections.abc import Mapping

from tests.web.visitor import Page, Visitor

BOUNDARY = "----a-line-that-no-file-holds"


async def send_files(visitor: Visitor, path: str, fields: Mapping[str, str], files: Mapping[str, bytes]) -> Page:
    """Post a form with files; their names and types are lies, as anybody may send them."""
    parts = [f'form-data; name="{name}"\r\n\r\n'.encode() + value.encode() for name, value in fields.items()]
    parts += [
        f'form-data; name="{name}"; filename="../{name}.svg"\r\nContent-Type: image/svg+xml\r\n\r\n'.encode() + content
        for name, content in files.items()
    ]
    body = b"".join(f"--{BOUNDARY}\r\nContent-Disposition: ".encode() + part + b"\r\n" for part in parts)
    body += f"--{BOUNDARY}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", "origin": visitor.origin}
    return await visitor.request("POST", path, headers=headers, body=body)
