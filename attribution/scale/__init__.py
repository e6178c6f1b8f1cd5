"""Attribution where one database is no longer enough: Parquet out, the same expression on Spark.

``tables`` says what is exported, ``export`` writes it, ``paths`` is the aggregation of paths as one
Ibis expression, ``engines`` are where it runs. docs/scale.md tells when that is worth it.
"""
