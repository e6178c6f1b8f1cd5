"""The rules, by kind of fraud."""

from fraud.contracts import EventFraud
from fraud.rules.clauses import AT_LEAST, BELOW, UNKNOWN, Clause, Rule
from ml.features import Kind

VERSION = 1
"""Goes up when a rule or threshold changes: a decision names the pack that made it."""
_CLICK_TO_INSTALL = "{value} from click to install"
_STORES = "people take 10 s and more, as the store has to load the app"
_HAND = "a hand shows 1.5 bits and more"


def _is(kind: Kind) -> tuple[Clause, Clause]:
    return (
        Clause(feature="kind", test=AT_LEAST, threshold=float(kind)),
        Clause(feature="kind", test=BELOW, threshold=float(kind) + 1.0),
    )


def _true(feature: str, points: float, says: str, people: str) -> Clause:
    return Clause(
        feature=feature, test=AT_LEAST, threshold=1.0, points=points, says=says, people=people
    )


_LATE_CLICK = Clause(
    feature="download_after_click", test=BELOW, threshold=0.0, points=12,
    says="the download began {value} before the click", people="people click first",
)  # fmt: skip
_STILL = Clause(
    feature="pointer_entropy", test=BELOW, threshold=0.2, points=45,
    says="movements with {value} of entropy", people=_HAND,
)  # fmt: skip
_EVEN = Clause(
    feature="pointer_speed_variation", test=BELOW, threshold=0.05, points=40,
    says="a pointer speed that varies by {value}", people="a hand's varies by half and more",
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    Rule(
        name="injected_click", kind=EventFraud.CLICK_INJECTION,
        source="CTIT under 2-3 s (Interceptd, AppsFlyer)",
        needs=(Clause(feature="ctit", test=BELOW, threshold=3.0, points=86,
                      says=_CLICK_TO_INSTALL, people=_STORES),),
        supports=(_LATE_CLICK,),
    ),
    Rule(
        name="hijacked_install", kind=EventFraud.INSTALL_HIJACK,
        source="a glut at 3-10 s (AppsFlyer)",
        needs=(
            Clause(feature="ctit", test=AT_LEAST, threshold=3.0),
            Clause(feature="ctit", test=BELOW, threshold=10.0, points=82,
                   says=_CLICK_TO_INSTALL, people=_STORES),
        ),
        supports=(_LATE_CLICK,),
    ),
    Rule(
        name="click_after_download", kind=EventFraud.CLICK_INJECTION,
        source="install begin time of the store's referrer (Google Play)",
        needs=(
            *_is(Kind.INSTALL),
            Clause(feature="download_after_click", test=BELOW, threshold=0.0, points=85,
                   says=_LATE_CLICK.says, people=_LATE_CLICK.people),
        ),
    ),
    Rule(
        name="flooding_clicks", kind=EventFraud.CLICK_FLOODING,
        source="duplicate clicks of a device (Adjust's hyper-engagement filter)",
        needs=(
            *_is(Kind.CLICK),
            Clause(feature="subject_clicks", test=AT_LEAST, threshold=3.0, points=72,
                   says="{value} clicks by the same person before",
                   people="people click an advertisement once or twice"),
            Clause(feature="subject_views", test=BELOW, threshold=1.0),
            Clause(feature="subject_impressions", test=BELOW, threshold=1.0, points=12,
                   says="none of them was shown an advertisement", people="people see it first"),
        ),
    ),
    Rule(
        name="flooded_install", kind=EventFraud.CLICK_FLOODING,
        source="a flat tail 2-24 h after the click (AppsFlyer)",
        needs=(
            Clause(feature="ctit", test=AT_LEAST, threshold=7_200.0, points=42,
                   says=_CLICK_TO_INSTALL, people="75 % install within the hour"),
            Clause(feature="subject_clicks", test=AT_LEAST, threshold=4.0, points=42,
                   says="{value} clicks before the install", people="people need one or two"),
        ),
    ),
    Rule(
        name="unsigned_message", kind=EventFraud.SDK_SPOOFING,
        source="signed SDK messages (Adjust, AppsFlyer)",
        needs=(Clause(feature="signature_ok", test=BELOW, threshold=1.0, points=92,
                      says="a message that no genuine SDK signed",
                      people="every app of yours signs"),),
    ),
    Rule(
        name="farmed_device", kind=EventFraud.DEVICE_FARM,
        source="new-device rate and device-id resets (AppsFlyer)",
        needs=(
            Clause(feature="ip_devices", test=AT_LEAST, threshold=4.0, points=30,
                   says="{value} different devices behind the ip within a day",
                   people="a household has two or three"),
            Clause(feature="charging", test=AT_LEAST, threshold=1.0, points=10,
                   says="a device that is charging", people="one in five is"),
            Clause(feature="uptime_seconds", test=BELOW, threshold=900.0, points=30,
                   says="a device started {value} ago", people="people's run for days"),
        ),
        supports=(
            Clause(feature="tilt_variation", test=BELOW, threshold=0.05, points=20,
                   says="a device that does not move", people="a hand tilts it by degrees"),
            Clause(feature="ip_newcomers", test=AT_LEAST, threshold=0.15, points=15,
                   says="{value} of the ip's events are somebody's first",
                   people="a household's are under a tenth"),
        ),
    ),
    *(
        Rule(name=name, kind=EventFraud.BOT, source="what the device says of itself",
             needs=(_true(name, points, says, "no person's device says so"),))
        for name, points, says in (
            ("emulator", 95, "an emulator"), ("webdriver", 95, "a browser driven by a program"),
            ("headless", 92, "a browser without a window"),
            ("hooked", 88, "an app with code of another in it"),
        )
    ),
    Rule(
        name="hidden_emulator", kind=EventFraud.BOT,
        source="sensors and touch points of sold devices",
        needs=(
            Clause(feature="sensors", test=BELOW, threshold=4.0, points=45,
                   says="a device with {value} sensors", people="telephones have 8 to 30"),
            Clause(feature="touch_points", test=BELOW, threshold=2.0, points=45,
                   says="a screen that tells {value} fingers apart", people="telephones tell five"),
        ),
    ),
    *(
        Rule(name=name, kind=EventFraud.DATA_CENTRE, source="the installation's lists of networks",
             needs=(_true(name, points, says, "people come from access networks"),))
        for name, points, says in (
            ("hosting", 84, "an address in a data centre"), ("tor", 90, "an exit of Tor"),
            ("proxy", 80, "an open proxy"), ("vpn", 65, "a VPN"),
        )
    ),
    Rule(
        name="stiff_hand", kind=EventFraud.BEHAVIOUR,
        source="entropy of pointer movements (research on bots' mouse dynamics)",
        needs=(_STILL, _EVEN),
        supports=(Clause(feature="gap_variation", test=BELOW, threshold=0.2, points=10,
                         says="times between events that vary by {value}",
                         people="people's vary by more than their mean"),),
    ),
    Rule(
        name="bought_at_once", kind=EventFraud.IN_APP,
        source="install to purchase time (AppsFlyer's in-app event protection)",
        needs=(Clause(feature="install_to_conversion", test=BELOW, threshold=90.0, points=70,
                      says="{value} from install to purchase", people="people take minutes"),),
        supports=(
            Clause(feature="value_to_before", test=AT_LEAST, threshold=1.0, points=12,
                   says="{value} times the price of the purchase before",
                   people="people buy different things"),
            Clause(feature="pointer_entropy", test=BELOW, threshold=0.2, points=15,
                   says=_STILL.says, people=_HAND),
        ),
    ),
    Rule(
        name="unseen_impressions", kind=EventFraud.MISATTRIBUTED,
        source="viewability (MRC: half of it for a second)",
        needs=(
            *_is(Kind.IMPRESSION),
            Clause(feature="viewable", test=BELOW, threshold=1.0, points=62,
                   says="an advertisement that was not in sight", people="people see it first"),
            Clause(feature="view_seconds", test=BELOW, threshold=0.1),
        ),
        supports=(Clause(feature="subject_impressions", test=AT_LEAST, threshold=1.0, points=20,
                         says="{value} others shown before, nothing else done",
                         people="people do something in between"),),
    ),
    Rule(
        name="claimed_organic", kind=EventFraud.MISATTRIBUTED,
        source="view-through windows (MRC, AppsFlyer)",
        needs=(
            *_is(Kind.INSTALL),
            Clause(feature="subject_since_click", test=UNKNOWN),
            Clause(feature="view_to_install", test=BELOW, threshold=90.0, points=52,
                   says="{value} from an impression to the install, without a click",
                   people="people who only saw it take hours"),
            Clause(feature="subject_impressions", test=AT_LEAST, threshold=2.0, points=30,
                   says="{value} impressions just before", people="people see one"),
        ),
    ),
)  # fmt: skip
