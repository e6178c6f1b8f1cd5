"""Evidence that stands in court: a case's (or an operator's days') events, proved, and a summary.

Words: a *dossier* is a bundle of ``evidence`` restricted to one operator's stretch of time and to
one case, with a summary to read (PDF) and the same figures for programs (JSON). ``chosen`` says
which events are in it, ``figures`` what was seen against what was to be expected, ``summary``
writes the PDF.
"""
