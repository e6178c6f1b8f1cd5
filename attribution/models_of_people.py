"""The read models about people: what they did, and which behavioural profile they belong to."""

from django.db import models


class Behaviour(models.Model):
    """What a subject did, as ``behaviour.history`` packs it: a projection of its own."""

    subject = models.TextField(primary_key=True)
    acts = models.BinaryField()

    class Meta:
        db_table = "attribution_behaviour"

    def __str__(self) -> str:
        return self.subject


class ProfileFit(models.Model):
    """The last search for behavioural profiles: on what, what was weighed, what was found.

    ``last`` is the highest number any profile had. ``details`` holds the choices and, per channel
    and profile, what touches caused. This and the two below are the worker's: they outlast a
    rebuild of the projection.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    fitted_at = models.DateTimeField()
    xid = models.BigIntegerField()
    position = models.BigIntegerField()
    people = models.BigIntegerField()
    known = models.BigIntegerField()
    last = models.SmallIntegerField()
    details = models.JSONField()

    class Meta:
        db_table = "attribution_profile_fit"

    def __str__(self) -> str:
        return str(self.fitted_at)


class Profile(models.Model):
    """A behavioural profile; ``number`` is its identity and never used again.

    ``rank`` orders those of the last fit, largest first; one that is no more has -1 until its last
    member has moved.
    """

    number = models.SmallIntegerField(primary_key=True)
    name = models.TextField()
    rank = models.SmallIntegerField()
    people = models.BigIntegerField()
    details = models.JSONField()

    class Meta:
        db_table = "attribution_profile"

    def __str__(self) -> str:
        return self.name


class ProfileMember(models.Model):
    """The profile a person belongs to, and how sure that is (0..1)."""

    person = models.TextField(primary_key=True)
    profile = models.SmallIntegerField(db_index=True)
    sure = models.FloatField()

    class Meta:
        db_table = "attribution_profile_member"

    def __str__(self) -> str:
        return self.person
