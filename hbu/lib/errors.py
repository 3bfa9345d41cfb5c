"""The one kind of error that people are meant to read."""


class DomainError(Exception):
    """A rule of the business said no.

    Raised deep, rendered once: an admin message, an API problem body, a form error or a command's
    exit. `code` is for programs, `message` for people, `status` the HTTP status that fits.
    """

    def __init__(self, code: str, message: str, *, status: int = 409) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
