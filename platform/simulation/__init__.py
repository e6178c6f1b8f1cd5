"""A market whose truth is known: people, touches, conversions and costs, from a seed.

It feeds the demo, the tests and the benchmarks. The effects of touches are parameters, so what a
channel really caused can be compared with the credit a model gives it. Knows no app.
"""
