"""Which role may call which operation: one table. What is not in it nobody may call.

An administrator may call everything that needs a role. Whether a task, a project or a token is
the caller's own is decided by the services.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.errors import Forbidden
from engine.service.tokens import Unauthenticated
from engine.service.work import ADMIN, ROLES, Actor

Roles = frozenset[str]

#: nobody need be logged in
PUBLIC: Final[Roles] = frozenset({"public"})
#: whoever is logged in, whatever their roles
LOGGED_IN: Final[Roles] = frozenset({"logged in"})
#: whoever is logged in, and programs on the same machine
LOCAL: Final[Roles] = frozenset({"logged in", "local"})

EVERY_ROLE: Final[Roles] = frozenset(ROLES)
STAFF: Final[Roles] = EVERY_ROLE - {"applicant"}
COORDINATOR: Final[Roles] = frozenset({"coordinator"})
APPLICATION: Final[Roles] = frozenset({"applicant", "coordinator"})
CASEWORK: Final[Roles] = frozenset({"applicant", "clerk", "reviewer", "coordinator"})
#: who takes part in coaching; the services know of which
COACHING: Final[Roles] = CASEWORK | {"head"}
#: who may have tasks; those of a joint review are a head's too
TASKWORK: Final[Roles] = CASEWORK | {"head"}
#: who stops an item's clock or asks for more time, of its department
CLOCKWORK: Final[Roles] = frozenset({"reviewer", "head", "coordinator"})
HEAD: Final[Roles] = frozenset({"head"})
OVERSIGHT: Final[Roles] = frozenset({"coordinator", "analyst", "supervisor"})
SUPERVISOR: Final[Roles] = frozenset({"supervisor"})
#: who answers for a department
ANSWERABLE: Final[Roles] = frozenset({"clerk", "reviewer", "head"})
#: who leads a joint review; the services know of which
LEADING: Final[Roles] = ANSWERABLE | COORDINATOR
#: who checks commitments of their department
CHECKING: Final[Roles] = frozenset({"reviewer", "head"})
#: who keeps credit records
KEEPING: Final[Roles] = frozenset({"coordinator", "supervisor"})
#: who calls meetings, of the stages their department leads
CONVENING: Final[Roles] = ANSWERABLE | COORDINATOR
ANALYST: Final[Roles] = frozenset({"analyst"})
#: who looks at event logs
MEASURING: Final[Roles] = frozenset({"analyst", "supervisor"})
ADMINISTRATOR: Final[Roles] = frozenset({ADMIN})

TABLE: Final[Mapping[str, Roles]] = {
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "metrics": LOCAL,
    "openapi": PUBLIC,
    "list_problems": PUBLIC,
    "get_problem": PUBLIC,
    "setup": PUBLIC,
    "login": PUBLIC,
    "logout": LOGGED_IN,
    "me": LOGGED_IN,
    "change_own_email": LOGGED_IN,
    "change_own_password": LOGGED_IN,
    "create_token": LOGGED_IN,
    "list_tokens": LOGGED_IN,
    "revoke_token": LOGGED_IN,
    "create_user": ADMINISTRATOR,
    "list_users": ADMINISTRATOR,
    "get_user": ADMINISTRATOR,
    "change_user": ADMINISTRATOR,
    "create_project": APPLICATION,
    "list_projects": EVERY_ROLE,
    "project_facets": EVERY_ROLE,
    "get_project": EVERY_ROLE,
    "project_critical_path": EVERY_ROLE,
    "project_history": EVERY_ROLE,
    "list_notices": EVERY_ROLE,
    "get_notice": EVERY_ROLE,
    "start_project": APPLICATION,
    "suspend_project": COORDINATOR,
    "resume_project": COORDINATOR,
    "close_project": COORDINATOR,
    "cancel_project": COORDINATOR,
    "suspend_item": CLOCKWORK,
    "resume_item": CLOCKWORK,
    "list_suspensions": EVERY_ROLE,
    "request_extension": CLOCKWORK,
    "list_project_extensions": EVERY_ROLE,
    "list_extensions": EVERY_ROLE,
    "approve_extension": HEAD,
    "decline_extension": HEAD,
    "withdraw_item": APPLICATION,
    "apply_again": APPLICATION,
    "add_attachment": CASEWORK,
    "list_attachments": EVERY_ROLE,
    "get_attachment": EVERY_ROLE,
    "download_attachment": EVERY_ROLE,
    "list_tasks": EVERY_ROLE,
    "get_task": EVERY_ROLE,
    "task_deadline": EVERY_ROLE,
    "dashboard": EVERY_ROLE,
    "inbox": EVERY_ROLE,
    "inbox_counts": EVERY_ROLE,
    "task_neighbours": EVERY_ROLE,
    "claim_tasks": TASKWORK,
    "claim_task": TASKWORK,
    "unclaim_task": TASKWORK,
    "assign_task": COORDINATOR,
    "complete_task": TASKWORK,
    "supervision": OVERSIGHT,
    "supervision_cases": OVERSIGHT,
    "list_supervision_reports": OVERSIGHT,
    "supervision_report": OVERSIGHT,
    "supervision_evaluation": OVERSIGHT,
    "evaluated_projects": OVERSIGHT,
    "list_deficiencies": EVERY_ROLE,
    "supply_deficiency": CASEWORK,
    "list_commitments": EVERY_ROLE,
    "get_commitment": EVERY_ROLE,
    "check_commitment": CHECKING,
    "list_credit_records": STAFF,
    "add_credit_record": KEEPING,
    "lift_credit_record": KEEPING,
    "launch_joint_review": LEADING,
    "list_joint_reviews": EVERY_ROLE,
    "joint_review_statistics": STAFF,
    "get_joint_review": EVERY_ROLE,
    "cancel_joint_review": LEADING,
    "conclude_joint_review": CHECKING,
    "raise_question": LEADING,
    "settle_question": LEADING,
    "joint_review_history": EVERY_ROLE,
    "give_opinion": LEADING,
    "list_opinions": STAFF,
    "add_participant": LEADING,
    "replace_participant": LEADING,
    "name_representative": LEADING,
    "sign_receipt": LEADING,
    "note_attendance": LEADING,
    "note_applicant": LEADING,
    "list_invitations": EVERY_ROLE,
    "list_conditions": EVERY_ROLE,
    "end_condition": LEADING,
    "get_minutes": STAFF,
    "draft_minutes": LEADING,
    "send_minutes": LEADING,
    "sign_minutes": ANSWERABLE,
    "seal_minutes": LEADING,
    "verify_minutes": STAFF,
    "minutes_document": STAFF,
    "get_reply": EVERY_ROLE,
    "send_reply": LEADING,
    "reply_document": EVERY_ROLE,
    "list_cards": STAFF,
    "get_card": STAFF,
    "issue_card": SUPERVISOR,
    "reply_card": ANSWERABLE,
    "appeal_card": ANSWERABLE,
    "decide_card": SUPERVISOR,
    "correct_card": SUPERVISOR,
    "ladder": STAFF,
    "list_incidents": OVERSIGHT,
    "get_incident": OVERSIGHT,
    "retry_incident": COORDINATOR,
    "deploy_definition": ANALYST,
    "list_definitions": EVERY_ROLE,
    "get_definition": EVERY_ROLE,
    "get_definition_file": EVERY_ROLE,
    "definition_items": EVERY_ROLE,
    "definition_differences": EVERY_ROLE,
    "procedure_critical_path": EVERY_ROLE,
    "create_scenario": ANALYST,
    "list_scenarios": OVERSIGHT,
    "get_scenario": OVERSIGHT,
    "change_scenario": ANALYST,
    "switch_operation": ANALYST,
    "remove_scenario": ANALYST,
    "copy_scenario": ANALYST,
    "rebase_scenario": ANALYST,
    "propose_scenario": ANALYST,
    "withdraw_scenario": ANALYST,
    "approve_scenario": ANALYST,
    "reject_scenario": ANALYST,
    "scenario_files": OVERSIGHT,
    "scenario_report_docx": OVERSIGHT,
    "scenario_report_xlsx": OVERSIGHT,
    "scenario_effect": OVERSIGHT,
    "scenario_optimum": OVERSIGHT,
    "add_event_log": ANALYST,
    "preview_event_log": ANALYST,
    "add_own_event_log": ANALYST,
    "own_events_xes": MEASURING,
    "own_events_csv": MEASURING,
    "list_event_logs": MEASURING,
    "get_event_log": MEASURING,
    "change_event_log": ANALYST,
    "map_event_log": ANALYST,
    "remove_event_log": ANALYST,
    "event_log_xes": MEASURING,
    "event_log_csv": MEASURING,
    "calibrate_event_log": ANALYST,
    "event_log_calibration": MEASURING,
    "event_log_assumptions": MEASURING,
    "event_log_diagram": MEASURING,
    "event_log_heat": MEASURING,
    "event_log_comparison": MEASURING,
    "create_simulation": ANALYST,
    "list_simulations": OVERSIGHT,
    "simulation_assumptions": OVERSIGHT,
    "get_simulation": OVERSIGHT,
    "cancel_simulation": ANALYST,
    "remove_simulation": ANALYST,
    "simulation_result": OVERSIGHT,
    "compare_simulations": OVERSIGHT,
    "simulation_events_xes": OVERSIGHT,
    "simulation_events_csv": OVERSIGHT,
    "create_coaching": APPLICATION,
    "list_coachings": EVERY_ROLE,
    "coaching_facets": EVERY_ROLE,
    "get_coaching": EVERY_ROLE,
    "coaching_advice": EVERY_ROLE,
    "add_coaching_entry": COACHING,
    "add_coaching_department": COORDINATOR,
    "generate_coaching_checklist": COACHING,
    "tick_coaching_materials": COACHING,
    "close_coaching": COORDINATOR,
    "reopen_coaching": COORDINATOR,
    "coaching_project": APPLICATION,
    "plan_meeting": CONVENING,
    "list_meetings": STAFF,
    "propose_meeting": CONVENING,
    "get_meeting": STAFF,
    "add_to_agenda": CONVENING,
    "remove_from_agenda": CONVENING,
    "move_meeting": CONVENING,
    "cancel_meeting": CONVENING,
    "hold_meeting": CONVENING,
    "meeting_invitation": STAFF,
    "calendar_feed": PUBLIC,
    "calendar_feed_address": STAFF,
    "revoke_calendar_feed": CONVENING,
    "list_rooms": STAFF,
    "add_room": COORDINATOR,
    "get_room": STAFF,
    "change_room": COORDINATOR,
    "list_mails": COORDINATOR,
    "get_mail": COORDINATOR,
    "retry_mail": COORDINATOR,
    "search": EVERY_ROLE,
    "list_views": EVERY_ROLE,
    "add_view": EVERY_ROLE,
    "rename_view": EVERY_ROLE,
    "remove_view": EVERY_ROLE,
    "list_departments": EVERY_ROLE,
    "department_workload": STAFF,
    "get_calendar": EVERY_ROLE,
    "get_calendar_year": EVERY_ROLE,
    "list_calendar_revisions": EVERY_ROLE,
    "preview_calendar": COORDINATOR,
    "publish_calendar": COORDINATOR,
    "list_events": STAFF,
    "set_clock": ADMINISTRATOR,
}


def allowed(operation: str) -> Roles:
    """Return who may call an operation: nobody where the table does not say."""
    return TABLE.get(operation, frozenset())


def is_public(operation: str, *, local: bool) -> bool:
    """Tell whether an operation may be called without logging in."""
    roles = allowed(operation)
    return roles == PUBLIC or (roles == LOCAL and local)


def demand_login(operation: str, *, local: bool) -> None:
    """Raise Unauthenticated where somebody must be logged in."""
    if not is_public(operation, local=local):
        raise Unauthenticated


def check(operation: str, actor: Actor) -> None:
    """Raise Forbidden unless the actor has a role that may call the operation."""
    roles = allowed(operation)
    if roles in (LOGGED_IN, LOCAL):
        return
    if not roles or not actor.has(*roles):
        named = [role for role in ROLES if role in roles | {ADMIN}]
        raise Forbidden(f"this needs the role {' or '.join(named)}", roles=named)
