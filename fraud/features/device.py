"""Device features: what it says it is, whether that fits together, how often it was seen."""

from fraud.features.catalogue import DEVICE, FEATURES, said
from ml.features import Table
from ml.features.layout import Floats

said(DEVICE, "device_class", "code", "Desktop, mobile or tablet, as a code.")
said(DEVICE, "os", "code", "The operating system, as a code; 99 is one we do not know.")
said(DEVICE, "os_version", "version", "Its version, 14.2 as 14.02.")
said(DEVICE, "browser", "code", "The browser, as a code; 99 is one we do not know.")
said(DEVICE, "browser_version", "version", "Its version.")
said(DEVICE, "app_version", "version", "The version of the app.")
said(DEVICE, "width", "px", "Width of the screen.")
said(DEVICE, "height", "px", "Height of the screen.")
said(DEVICE, "density", "ratio", "Pixels of the screen per point.")
said(DEVICE, "language", "code", "The language, as one of a thousand numbers.")
said(DEVICE, "offset_hours", "h", "Hours that the time zone is ahead of UTC.")
said(DEVICE, "limited", "truth", "The person limited tracking.")
said(DEVICE, "named_device", "truth", "The event names a device id.")
said(DEVICE, "agent_differs", "truth", "User agent and system contradict each other.")
said(DEVICE, "emulator", "truth", "The app runs in an emulator.")
said(DEVICE, "rooted", "truth", "The system was rooted or jailbroken.")
said(DEVICE, "hooked", "truth", "Code of another was put into the app.")
said(DEVICE, "debugger", "truth", "A debugger is attached.")
said(DEVICE, "adb", "truth", "Debugging over USB is on.")
said(DEVICE, "webdriver", "truth", "A program drives the browser.")
said(DEVICE, "headless", "truth", "The browser has no window.")
said(DEVICE, "cloned", "truth", "The app runs as a clone beside itself.")
said(DEVICE, "mock_location", "truth", "The place is made up by an app.")
said(DEVICE, "sideloaded", "truth", "The app did not come from a store.")
said(DEVICE, "signature_ok", "truth", "The message was signed by a genuine SDK.")
said(DEVICE, "sensors", "count", "Sensors the device has; emulators have few.")
said(DEVICE, "battery", "share", "Charge of the battery.")
said(DEVICE, "charging", "truth", "The battery is being charged; a farm's always is.")
said(DEVICE, "uptime_seconds", "s", "Seconds since the device was started.")
said(DEVICE, "touch_points", "count", "Fingers the screen tells apart.")
said(DEVICE, "cores", "count", "Processor cores.")
said(DEVICE, "memory_gb", "GB", "Memory.")
said(DEVICE, "fonts", "count", "Fonts installed.")
said(DEVICE, "clock_off_seconds", "s", "By how much the device's clock is ahead of ours.")


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
