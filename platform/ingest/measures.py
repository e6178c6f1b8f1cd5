"""What a client may measure of its device and of how it was used: ``context.signals``, by name.

A sender measures what it can; what is no name of these is not kept. Truths are 1 and 0.
"""

from collections.abc import Mapping
from typing import Any

MEASURES: Mapping[str, str] = {
    # The device.
    "emulator": "The app runs in an emulator.",
    "rooted": "The system was rooted or jailbroken.",
    "hooked": "Code of another was put into the app (Frida, Xposed).",
    "debugger": "A debugger is attached.",
    "adb": "Debugging over USB is on.",
    "webdriver": "The browser says that a program drives it.",
    "headless": "The browser has no window.",
    "cloned": "The app runs as a clone beside itself.",
    "mock_location": "The place is made up by an app.",
    "sideloaded": "The app did not come from a store.",
    "signature_ok": "The message was signed by a genuine SDK.",
    "sensors": "How many sensors the device has.",
    "battery": "Charge of the battery, 0 to 1.",
    "charging": "The battery is being charged.",
    "brightness": "Brightness of the screen, 0 to 1.",
    "uptime_seconds": "Seconds since the device was started.",
    "touch_points": "How many fingers the screen tells apart.",
    "cores": "How many processor cores the device says it has.",
    "memory_gb": "Memory in gigabytes.",
    "fonts": "How many fonts are installed.",
    "plugins": "How many plug-ins the browser has.",
    "clock_off_seconds": "By how much the device's clock is ahead of ours.",
    # The way to the install.
    "install_begin_seconds": "From the click until the store began to download.",
    "first_open_seconds": "From the end of the download until the app was opened.",
    # How it was used since the page or screen was opened.
    "pointer_moves": "Movements of the pointer.",
    "pointer_entropy": "Entropy of the directions of movement in bits, eight directions.",
    "pointer_straightness": "Distance from start to end as a share of the way.",
    "pointer_speed": "Mean speed of the pointer in pixels a second.",
    "pointer_speed_variation": "Standard deviation of that speed as a share of its mean.",
    "touch_pressure_variation": "Standard deviation of the touches' pressure.",
    "tilt_variation": "Standard deviation of the device's tilt in degrees.",
    "taps": "Taps and mouse clicks.",
    "keys": "Keys pressed.",
    "key_interval_variation": "Standard deviation of the times between keys by their mean.",
    "scrolls": "Times scrolled.",
    "scroll_depth": "How far down was seen, 0 to 1.",
    "scroll_speed": "Mean speed in pixels a second.",
    "dwell_seconds": "Seconds on the page or screen.",
    "focus_share": "Share of that time in which it was in front.",
    "first_input_seconds": "From opening to the first input.",
    "form_seconds": "How long filling in the form took.",
    "pastes": "Texts pasted into fields.",
    "backs": "Steps back.",
    "turns": "Times the device was turned.",
}
LARGEST = 1e12


def measured(sent: Mapping[str, Any] | None) -> dict[str, float]:
    """What of ``sent`` has a known name and is a number or a truth."""
    if not sent:
        return {}
    found = {}
    for name, value in sent.items():
        if name in MEASURES and isinstance(value, bool | int | float) and abs(value) <= LARGEST:
            found[name] = float(value)
    return found
