"""An API address without anything behind it answers programs in their own words, however asked."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize(
    "path",
    ["/api/v1/nothing", "/api/v1/privacy/requests/null,null/data", "/v1/nothing"],
)
def test_an_unknown_address_is_a_problem_document(method, path):
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
