"""Device features: what it says it is, whether that fits together, how often it was seen."""

from fraud.features.catalogue import DEVICE, FEATURES
from ml.features import Table
from ml.features.layout import Floats


def _said(column: str, unit: str, doc: str) -> None:
    FEATURES.feature(DEVICE, unit=unit, name=column, doc=doc)(lambda table: table[column])


_said("device_class", "code", "Desktop, mobile or tablet, as a code.")
_said("os", "code", "The operating system, as a code; 99 is one we do not know.")
_said("os_version", "version", "Its version, 14.2 as 14.02.")
_said("browser", "code", "The browser, as a code; 99 is one we do not know.")
_said("browser_version", "version", "Its version.")
_said("app_version", "version", "The version of the app.")
_said("width", "px", "Width of the screen.")
_said("height", "px", "Height of the screen.")
_said("density", "ratio", "Pixels of the screen per point.")
_said("language", "code", "The language, as one of a thousand numbers.")
_said("offset_hours", "h", "Hours that the time zone is ahead of UTC.")
_said("limited", "truth", "The person limited tracking.")
_said("named_device", "truth", "The event names a device id.")
_said("agent_differs", "truth", "User agent and system contradict each other.")
_said("emulator", "truth", "The app runs in an emulator.")
_said("rooted", "truth", "The system was rooted or jailbroken.")
_said("hooked", "truth", "Code of another was put into the app.")
_said("debugger", "truth", "A debugger is attached.")
_said("adb", "truth", "Debugging over USB is on.")
_said("webdriver", "truth", "A program drives the browser.")
_said("headless", "truth", "The browser has no window.")
_said("cloned", "truth", "The app runs as a clone beside itself.")
_said("mock_location", "truth", "The place is made up by an app.")
_said("sideloaded", "truth", "The app did not come from a store.")
_said("signature_ok", "truth", "The message was signed by a genuine SDK.")
_said("sensors", "count", "Sensors the device has; emulators have few.")
_said("battery", "share", "Charge of the battery.")
_said("charging", "truth", "The battery is being charged; a farm's always is.")
_said("uptime_seconds", "s", "Seconds since the device was started.")
_said("touch_points", "count", "Fingers the screen tells apart.")
_said("cores", "count", "Processor cores.")
_said("memory_gb", "GB", "Memory.")
_said("fonts", "count", "Fonts installed.")
_said("clock_off_seconds", "s", "By how much the device's clock is ahead of ours.")


@FEATURES.feature(DEVICE, unit="ratio")
def aspect(table: Table) -> Floats:
    """Height of the screen by its width."""
    return table["height"] / table["width"]


@FEATURES.feature(DEVICE, unit="s", window="30 days")
def device_age(table: Table) -> Floats:
    """Seconds since the device was first seen; a reset id is always new."""
    return table.of("device")["age"]


@FEATURES.feature(DEVICE, unit="persons", window="today and the day before")
def device_subjects(table: Table) -> Floats:
    """Different persons on the device."""
    return table.of("device")["distinct_a"]


@FEATURES.feature(DEVICE, unit="installs", window="30 days")
def device_installs(table: Table) -> Floats:
    """Installs on the device."""
    return table.of("device")["installs"]


@FEATURES.feature(DEVICE, unit="events", window="7 days")
def model_events(table: Table) -> Floats:
    """How common the model is among the events."""
    return table.of("model")["week_events"]


@FEATURES.feature(DEVICE, unit="share", window="30 days")
def model_flagged(table: Table) -> Floats:
    """Share of the model's events that look made: emulators, data centres."""
    model = table.of("model")
    return model["flagged"] / model["events"]


@FEATURES.feature(DEVICE, unit="share", window="30 days")
def os_newcomers(table: Table) -> Floats:
    """Share of the events on this system and version that were a person's first."""
    system = table.of("os")
    return system["newcomers"] / system["events"]
