"""What callbacks leave beside the timeline: claims, questionnaires, answers, findings and what was said of them, scores."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bihuan.kernel.ids import uuid7


class SampleKey(models.Model):
    """The one key of every draw: made once, never changed, so that each draw can be repeated later."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    key = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="sample_key_is_one")]

    def __str__(self) -> str:
        return "sample key"


class Claim(models.Model):
    """Somebody has a case before him and rings its customer. It holds until `until`, or until the case goes on:
    `seq` is the newest entry when it was taken, and a claim on an older one is none."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="claim")
    actor = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    claimed_at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.actor_id}"


class Edition(models.Model):
    """A version of what is asked about one kind, from a day on. Appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    loop = models.CharField(max_length=24)
    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    content = models.JSONField(help_text="opening, closing and questions as in packs/callbacks")
    why = models.CharField(max_length=200)
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["loop", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loop", "version"], name="edition_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="edition_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.loop} v{self.version}"


class Answer(models.Model):
    """An answer that is no fact, given in the call that entry `seq` records. Words are erasable."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="answers", db_index=False)
    seq = models.PositiveIntegerField()
    question = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(
        help_text="of the questionnaire; 0 is the one beside the packs"
    )
    value = models.JSONField(null=True, help_text="a coded answer")
    text = models.TextField(null=True, help_text="an answer in words")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["case_id", "seq", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq", "question"], name="answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.question}"


class Finding(models.Model):
    """Two statements about the same moment that don't agree. Derived from the timeline but for `found_at`;
    `lifted_at`: they agree since, because one of them was corrected."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="findings", db_index=False)
    cycle = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+", db_index=False)
    minutes = models.IntegerField(
        default=0, help_text="how much later the other side says; 0 where it denies"
    )
    unit_said_at = models.DateTimeField(null=True)
    other_said_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-found_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "cycle", "kind"], name="finding_once")
        ]
        indexes: ClassVar = [
            models.Index(F("found_at").desc(), name="finding_newest"),
            models.Index(fields=["unit", "-found_at"], name="finding_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.cycle} {self.kind}"


class Ruling(models.Model):
    """What was said of a finding: explained by the unit, upheld or cleared by supervision. Appended; the newest counts."""

    STATES: ClassVar = ("explained", "upheld", "cleared")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="rulings")
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES])
    reason = models.CharField(max_length=24)
    text = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["finding_id", "recorded_at", "id"]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.state}"


class Score(models.Model):
    """A callback heard by a second listener. Never the caller himself; appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    seq = models.PositiveIntegerField(help_text="the entry of the call")
    agent = models.ForeignKey("people.Actor", models.PROTECT, related_name="+", db_index=False)
    listener = models.ForeignKey("people.Actor", models.PROTECT, related_name="+", db_index=False)
    called_at = models.DateTimeField()
    card = models.CharField(max_length=40)
    marks = models.JSONField(help_text="per cent of each item's weight")
    fatal = models.JSONField(default=list, help_text="codes of the fatal items that were heard")
    total = models.PositiveSmallIntegerField()
    remark = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-called_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq", "listener"], name="score_once"),
            models.CheckConstraint(condition=~Q(agent=F("listener")), name="score_by_another"),
            models.CheckConstraint(condition=Q(total__lte=100), name="score_up_to_hundred"),
        ]
        indexes: ClassVar = [models.Index(fields=["agent", "-called_at"], name="score_by_agent")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.total}"
