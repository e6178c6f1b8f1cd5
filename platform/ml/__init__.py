"""What every learned judgement stands on: features declared once, computed alike live and later.

Pure and free of Django, usable from a notebook: ``ml.features``.
"""
