from portal import nav
from portal.nav import NavItem, sections


def labels(found):
    return {section.label: [link.label for link in section.links] for section in found}


def test_people_see_only_what_they_may_open():
    assert labels(sections(permissions=(), path="/")) == {"Data": ["Status"]}
    found = labels(sections(permissions=("view_reports",), path="/"))
    assert found["Reports"] == [
        "Overview",
        "Attribution",
        "Channels",
        "Campaigns",
        "Journeys",
        "Paths",
        "Segments",
        "Budget",
    ]
    assert found["Settings"] == ["Journey rules"]


def test_the_deepest_item_above_the_path_is_current():
    def current(path):
        found = sections(permissions=("view_reports",), path=path)
        return [link.label for section in found for link in section.links if link.current]

    assert current("/") == ["Overview"]
    assert current("/journeys/abc/") == ["Journeys"]
    assert current("/nowhere/") == []


def test_an_item_without_a_route_is_left_out(monkeypatch):
    item = NavItem(
        label="Ghost", url_name="ghost", section="Data", order=0, permission=None, icon="live"
    )
    monkeypatch.setattr(nav, "_items", {"ghost": item})
    assert sections(permissions=(), path="/") == ()
