"""Letters to people: put into an outbox with what caused them, sent by the worker, tried again.

A letter's content is sealed while it waits and dropped once it is sent: links in it open doors.
"""
