"""The kit's icons: the inside of a 16 by 16 SVG drawn with a 1.5 stroke in the text's colour."""

ICONS: dict[str, str] = {
    "overview": '<path d="M2 2h5v6H2zM9 2h5v3H9zM9 7h5v7H9zM2 10h5v4H2z"/>',
    "compare": '<path d="M2 14h12M4 14V8M8 14V3M12 14V6"/>',
    "channels": '<path d="m8 2 6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3"/>',
    "campaigns": '<path d="M3 14V2M3 3h9l-2 3 2 3H3"/>',
    "journeys": '<path d="M5 12h5.5a2.5 2.5 0 0 0 0-5h-5a2.5 2.5 0 0 1 0-5H11"/>'
    '<circle cx="3" cy="12" r="1.5"/><circle cx="13" cy="2" r="1.5"/>',
    "paths": '<path d="M2 3h3c4 0 2 10 6 10h3M2 13h3c4 0 2-10 6-10h3"/>',
    "live": '<path d="M1 8h3l2-5 4 10 2-5h3"/>',
    "status": '<path d="M2 8h3l1.5-4 3 8L11 8h3"/><circle cx="8" cy="8" r="7"/>',
    "seal": '<path d="M8 1.5 13.5 4v4c0 3-2.3 5.4-5.5 6.5C4.8 13.4 2.5 11 2.5 8V4z"/>'
    '<path d="m5.5 8 2 2 3.2-3.5"/>',
    "import": '<path d="M8 10V2M5 5l3-3 3 3M2 10v4h12v-4"/>',
    "download": '<path d="M8 2v8M5 7l3 3 3-3M2 10v4h12v-4"/>',
    "key": '<circle cx="5" cy="11" r="3"/><path d="m7.5 8.5 6-6M11 5l2 2"/>',
    "budget": '<path d="M2 2v12h12M3 13C5 6 9 4.5 14 4.2"/><circle cx="8.5" cy="5.8" r="1.5"/>',
    "money": '<circle cx="8" cy="8" r="6"/><path d="M10.5 5.5c-3-1.5-5 .3-5 2.5s2 4 5 2.5M4.5 7.2h4'
    'M4.5 8.8h4"/>',
    "shield": '<path d="M8 1.5 13 3.5v4c0 3.5-2.2 5.8-5 7-2.8-1.2-5-3.5-5-7v-4z"/>',
    "team": '<circle cx="6" cy="5" r="2.5"/><path d="M1.5 14a4.5 4.5 0 0 1 9 0M11 2.8a2.5 2.5 0'
    ' 0 1 0 4.4M12 9.8a4.5 4.5 0 0 1 2.5 4.2"/>',
    "site": '<circle cx="8" cy="8" r="6"/><path d="M2 8h12M8 2c3 3 3 9 0 12M8 2c-3 3-3 9 0 12"/>',
    "security": '<path d="M3 7h10v7H3zM5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>',
    "audit": '<path d="M4 2h8v12H4zM6 5h4M6 8h4M6 11h2"/>',
    "usage": '<path d="M2 12a6 6 0 1 1 12 0M8 12l3-4"/>',
    "settings": '<path d="M2 4h6M12 4h2M2 12h2M8 12h6"/><circle cx="10" cy="4" r="2"/>'
    '<circle cx="6" cy="12" r="2"/>',
    "theme": '<circle cx="8" cy="8" r="6"/><path d="M8 2v12a6 6 0 0 0 0-12z" fill="currentColor"/>',
    "menu": '<path d="M2 4h12M2 8h12M2 12h12"/>',
    "close": '<path d="m3 3 10 10M13 3 3 13"/>',
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>',
    "help": '<circle cx="8" cy="8" r="6"/><path d="M6 6.2a2 2 0 1 1 2.6 2c-.5.2-.6.5-.6 1M8'
    ' 11.5v.01"/>',
    "account": '<circle cx="8" cy="5.5" r="2.5"/><path d="M3 14a5 5 0 0 1 10 0"/>',
    "logout": '<path d="M6 2H3v12h3M10 5l3 3-3 3M13 8H6"/>',
    "chevron": '<path d="m4 6 4 4 4-4"/>',
    "right": '<path d="m6 4 4 4-4 4"/>',
    "bell": '<path d="M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11zM6.5 14.5h3"/>',
    "touch": '<circle cx="8" cy="8" r="3"/>',
    "check": '<path d="m3 8.5 3.5 3.5L13 5"/>',
    "calendar": '<path d="M2 3h12v11H2zM2 6.5h12M5 1.5v3M11 1.5v3"/>',
    "ring": '<circle cx="8" cy="3" r="1.8"/><circle cx="3" cy="12" r="1.8"/><circle cx="13" cy="12"'
    ' r="1.8"/><path d="M7.1 4.6 3.9 10.4M8.9 4.6l3.2 5.8M4.8 12h6.4"/>',
    "mark": '<path d="M3 13 8 3l5 10M5 9h6" stroke-width="2"/>',
}
