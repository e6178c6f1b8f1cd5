"""The API's document: every operation says how it may fail."""

from drf_spectacular.generators import SchemaGenerator

from config.openapi import PROBLEM_TYPE


def test_every_operation_names_its_problems_in_their_type():
    document = SchemaGenerator().get_schema(request=None, public=True)
    operations = [each for path in document["paths"].values() for each in path.values()]
    assert len(operations) > 10
    for operation in operations:
        responses = operation["responses"]
        assert {"400", "401", "403", "404", "429", "503"} <= responses.keys()
        failures = [answer for status, answer in responses.items() if status >= "400"]
        assert all(answer["content"].keys() == {PROBLEM_TYPE} for answer in failures)
