"""How large a request to a page may be: files only from somebody who has a session cookie."""

from typing import Any

from quart import Request

from node.settings import Settings

MOST_UPLOADS = 4


def bounded_request(settings: Settings) -> type[Request]:
    """Return the class of requests that obeys the settings `body_bytes` and `upload_bytes`."""

    class BoundedRequest(Request):
        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            super().__init__(*arguments, **keywords)
            most = largest(self, settings)
            self.body = self.body_class(self.content_length, most)
            self.max_content_length = most

    return BoundedRequest


def largest(request: Request, settings: Settings) -> int:
    """Return the largest body, in bytes, that is read of `request`."""
    has_files = request.mimetype == "multipart/form-data" and settings.cookie_name in request.cookies
    return settings.body_bytes + (MOST_UPLOADS * settings.upload_bytes if has_files else 0)
