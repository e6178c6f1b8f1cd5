from portal.heat import LEVELS, heat


def test_the_largest_is_darkest_and_nothing_is_plain():
    made = heat(corner="x", columns=["a", "b"], rows={"r": [10, 0], "s": [5, None]})
    assert [[cell.level for cell in row.cells] for row in made.rows] == [[LEVELS, 0], [4, 0]]
    assert made.rows[1].cells[1].value is None


def test_a_table_of_nothing_has_no_tint():
    made = heat(corner="x", columns=["a"], rows={"r": [0.0]})
    assert made.rows[0].cells[0].level == 0
