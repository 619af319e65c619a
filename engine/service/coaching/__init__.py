"""Coaching (前期辅导): a firm is helped before it applies, and so before any clock.

Nothing here makes a task, a timer or a due date; only turning a coaching into a project opens one,
as a draft. The rules are in `engine/rules/coaching.py`.
"""
