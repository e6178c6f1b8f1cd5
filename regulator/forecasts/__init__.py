"""Forecasts of gross gaming revenue and of the tax on it: by which method, how sure, and why.

A *series* is the monthly GGR of an operator or of the whole market; a *panel* holds all series of
one market, so that they can lend each other what one alone is too short or too noisy to tell. An
*origin* is a month at whose end a forecast is made; a *trial* is a forecast made at an earlier
origin, held against what came. A *member* is one method, a *candidate* a member or a mixture of
members; a series gets the candidate that did best in its trials.
"""
