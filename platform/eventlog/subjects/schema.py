"""The table of subjects' keys, as SQL the migration runs."""

CREATE = """
CREATE TABLE subject_key (
    subject   text PRIMARY KEY,
    wrapped   bytea,
    erased_at timestamptz,
    CONSTRAINT subject_key_or_erased CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
);
"""

DROP = "DROP TABLE subject_key;"
