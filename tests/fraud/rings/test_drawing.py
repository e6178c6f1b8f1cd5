"""A ring as shapes: in the frame, apart, the larger the more often seen; the rest in words."""

import math
from itertools import combinations

from hypothesis import given

from fraud.rings.drawing import SIDE, drawing
from fraud.rings.graph import graph
from fraud.rings.words import short
from tests.fraud.rings.test_found import CASES
from tests.fraud.rings.told import shelf, suspicious


def drawn(cases):
    whole = graph(cases)
    return drawing(whole, {each: short(each) for each in whole.nodes})


@given(CASES)
def test_shapes_are_in_the_frame_and_apart(cases):
    shapes = drawn(cases).shapes

    for each in shapes:
        assert each.radius < each.x < SIDE - each.radius
        assert each.radius < each.y < SIDE - each.radius
    for one, other in combinations(shapes, 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) > one.radius + other.radius


def test_the_more_often_seen_the_larger_and_each_sort_has_a_shape_of_its_own():
    found = drawn([*shelf(devices=3), suspicious(50, subject=900_000, ip=901)])
    by = {(each.sort, each.events): each for each in found.shapes}

    assert by["ip", 6].radius > by["device", 2].radius
    assert by["subject", 3].corners == ""
    corners = {each.sort: each.corners.count(",") for each in found.legend}
    assert corners == {"subject": 0, "device": 4, "agent": 4, "ip": 3, "publisher": 6}
    assert by["ip", 6].name == "address 000000"
    assert by["ip", 6].joined == 2


def test_what_is_not_drawn_is_counted():
    assert drawn(shelf(devices=200)).left_out == ("142 persons", "141 devices")
    assert drawn(shelf(devices=5)).left_out == ()
