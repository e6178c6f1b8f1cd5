"""Several models in one: each has to earn its place beside the trees, for each tenant anew.

``meta`` weighs members (from 0.5 / 0.3 / 0.2 on) and leaves out what adds no average precision;
``cascade`` finds how seldom the slow one need be asked; ``served`` answers. ``meta`` and
``cascade`` take scikit-learn, which workers alone have; import from the modules.
"""
