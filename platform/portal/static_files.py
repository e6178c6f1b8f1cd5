"""Static files under ASGI: WhiteNoise finds them and sets their headers, the body is sent whole."""

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # the library is untyped
    """WhiteNoise without its streaming response.

    That response iterates a file synchronously. Under ASGI Django warns of it and reads all of it
    before the first byte leaves, so streaming gains nothing; our files are small.
    """

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """The file, a range of it, or "not modified", with WhiteNoise's headers and no others."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file:
                content = found.file.read()
        answer = HttpResponse(content, status=int(found.status))
        del answer["Content-Type"]
        for name, value in found.headers:
            answer[name] = value
        return answer
