"""The error family and its problem documents."""

from kernel.errors import DomainError, NotFound, problem


def test_it_renders_a_problem_document_with_a_stable_code():
    document = problem(NotFound("There is no such key.", field="id"), instance="/api/v1/x")
    assert document == {
        "type": "urn:touchstone:problem:not_found",
        "title": "Not found",
        "status": 404,
        "code": "not_found",
        "detail": "There is no such key.",
        "field": "id",
        "instance": "/api/v1/x",
    }


def test_it_has_one_code_per_error():
    def family(kind):
        yield kind
        for child in kind.__subclasses__():
            yield from family(child)

    public = [kind for kind in family(DomainError) if not kind.__name__.startswith("_")]
    named = {kind.__name__: kind.code for kind in public if kind.__module__ != "config.problems"}
    assert all(code and code == code.lower() for code in named.values())
