"""Alerts: what somebody must hear of, told once, to the right people, by the way they chose.

An app raises an alert (or a rule over the log does); one that is open already is not told again.
*Routes* say who hears of what: by e-mail to roles, to a Slack channel, to a signed webhook; from
which severity on, outside of which hours, at once or only if nobody has seen to it meanwhile. Each
telling is a *delivery*: tried again until it arrives or can't, and kept where it can be looked up.
Every page that is open shows an alert as it is raised.
"""
