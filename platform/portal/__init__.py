"""The look-and-feel kit: pages, navigation, tables, date ranges, template tags. It knows no app.

Apps register what they show (``portal.nav``) and render through ``portal.pages``; the portal never
imports them.
"""
