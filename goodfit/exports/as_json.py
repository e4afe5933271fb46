"""Scores as JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from goodfit.course.scores import Score, Scores


def write(scores: Scores) -> str:
    """The scores as one JSON object.

    Keys: ``assignment``, ``title``, ``max_points``, ``exercises`` (each with ``id``, ``name``, ``max_points``) and
    ``students``, each with ``id``, ``first_name``, ``last_name``, ``email``, ``lms_id`` and ``handed_in``. Of those who
    handed in also ``timestamp`` (UTC, ISO 8601; null when it is not known), ``seconds_late``, ``points`` by the
    exercise's id (null where nobody has decided), their sum ``raw``, ``late_penalty``, ``total`` (what counts) and
    ``needs_manual``.
    """
    exercises = [{"id": one.grade_id, "name": one.name, "max_points": one.points} for one in scores.exercises]
    whole = {
        "assignment": scores.assignment,
        "title": scores.title,
        "max_points": scores.points,
        "exercises": exercises,
        "students": [_student(scores, student) for student in scores.students],
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _student(scores: Scores, student: Score) -> dict[str, Any]:
    person: dict[str, Any] = {
        "id": student.student,
        "first_name": student.who.first_name,
        "last_name": student.who.last_name,
        "email": student.who.email,
        "lms_id": student.who.lms_id,
        "handed_in": student.handed_in,
    }
    if not student.handed_in:
        return person
    return person | {
        "timestamp": student.timestamp and f"{student.timestamp.isoformat()}Z",
        "seconds_late": student.seconds_late,
        "points": {one.grade_id: student.of(one) for one in scores.exercises},
        "raw": student.raw,
        "late_penalty": student.penalty,
        "total": student.total,
        "needs_manual": student.needs_manual,
    }
