"""What a person may ask for and decide: access, erasure, consent, and how long data is kept.

Words: a *subject* is the pseudonym of whom an event is about; what is *sealed* is readable only
with the subject's key; to *erase* is to delete the keys of a subject and of everything stitched to
it; a *purpose* is what data is processed for; a *decision* is a yes or no to one purpose; a
*request* is what a person asked of the organisation, with a date until which it must be answered.
"""
