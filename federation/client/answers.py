"""Answers to deliveries, read from bytes that anybody may have sent: the status and two headers are kept."""

from typing import Any

import httptools

from federation.client.values import ANSWER_BYTES

HEAD_BYTES = 16 * 1024
MOST_HEADERS = 128
MOST_INTERIM = 8


class BadAnswer(Exception):
    """These bytes are no HTTP answer, or one that is too large in its head."""


class AnswerReader:
    """Reads one answer.

    Attributes:
        status: 0 until the head is read.
        retry_after: the header as it came.
        accepts_rfc9421: there was an `Accept-Signature`.
        is_complete: the body was read to its end.
        is_full: as much was read as anybody wants to read.
        may_stay: the connection can carry another request, as far as the answer says.
    """

    __slots__ = (
        "_headers",
        "_interim",
        "_parser",
        "_read",
        "accepts_rfc9421",
        "is_complete",
        "may_stay",
        "retry_after",
        "status",
    )

    def __init__(self) -> None:
        self._parser: Any = httptools.HttpResponseParser(self)
        self._read = self._headers = self._interim = 0
        self.status = 0
        self.retry_after: str | None = None
        self.accepts_rfc9421 = False
        self.is_complete = False
        self.may_stay = False

    @property
    def is_full(self) -> bool:
        """Tell whether reading on would serve nobody."""
        return self.is_complete or self._read > ANSWER_BYTES

    @property
    def has_begun(self) -> bool:
        """Tell whether a single byte came."""
        return self._read > 0

    def feed(self, data: bytes) -> None:
        """Read on.

        Raises:
            BadAnswer: no HTTP, a head of more than 16 KiB or 128 headers, or no end of interim answers.
        """
        self._read += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self.status:
                raise BadAnswer(f"{type(error).__name__} {error.__context__ or error}"[:200]) from error
            self._end(may_stay=False)
        if not self.status and self._read > HEAD_BYTES:
            raise BadAnswer("a head without end")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the two headers that matter; called by the parser."""
        self._headers += 1
        if self._headers > MOST_HEADERS:
            raise BadAnswer("too many headers")
        lowered = name.lower()
        if self.status:
            return
        if lowered == b"retry-after":
            self.retry_after = value.decode("latin-1")
        elif lowered == b"accept-signature":
            self.accepts_rfc9421 = True

    def on_headers_complete(self) -> None:
        """Keep the status, unless it is only an interim one; called by the parser."""
        if self.is_complete:  # a second answer that nobody asked for
            return
        status = self._parser.get_status_code()
        if 100 <= status < 200:
            self._interim += 1
            if self._interim > MOST_INTERIM or status == 101:
                raise BadAnswer(f"interim answer {status}")
            return
        self.status = status

    def on_message_begin(self) -> None:
        """Notice what comes behind the end; called by the parser."""
        if self.is_complete:
            self.may_stay = False

    def on_message_complete(self) -> None:
        """Notice the end; called by the parser."""
        if self.status:
            self._end(may_stay=self._parser.should_keep_alive())

    def _end(self, *, may_stay: bool) -> None:
        self.may_stay = may_stay and not self.is_complete
        self.is_complete = True
