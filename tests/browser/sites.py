"""Every page of the product, in one table: for the tests, the pictures and the measurements.

`{running}` and the like in an address stand for what a city has of the kind; see `places.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: nobody is logged in
NOBODY = ""
INDUSTRIAL = "/procedures/industrial-2014"
#: pictures of a site: Chinese and wide, Chinese on a phone, English and wide
WIDE, PHONE, ENGLISH = "wide", "phone", "english"
SEEN = (WIDE,)


@dataclass(frozen=True, slots=True)
class Site:
    """A page: its name, its address, and who looks at it in which city."""

    name: str
    path: str
    user: str = "coordinator"
    city: str = "full"
    #: there is something to see in a city without projects
    empty: bool = False
    status: int = 200
    pictures: tuple[str, ...] = ()

    def at(self, places: Mapping[str, str]) -> tuple[str, str]:
        """Return its address and its visitor's name in a city."""
        return self.path.format_map(places), self.user.format_map(places)


def task(step: str, *pictures: str) -> Site:
    """Return the page of an open task, as whoever may answer it sees it."""
    return Site(f"task-{step}", f"/tasks/{{{step}}}", f"{{{step}_by}}", pictures=pictures or SEEN)


def notice(kind: str, *pictures: str) -> Site:
    """Return the page of a notice as it is printed."""
    path = f"/projects/{{{kind}_notice_in}}/notices/{{{kind}_notice}}"
    return Site(f"notice-{kind.replace('_', '-')}", path, pictures=pictures)


SITES = (
    Site("login", "/login", NOBODY, empty=True, pictures=(WIDE, PHONE)),
    Site("setup", "/setup", NOBODY, city="new", pictures=SEEN),
    Site("dashboard", "/", empty=True, pictures=(WIDE, PHONE, ENGLISH)),
    Site("projects", "/projects", empty=True, pictures=(WIDE, PHONE)),
    Site("project-new", "/projects/new", empty=True, pictures=SEEN),
    Site("coachings", "/coaching", empty=True, pictures=(WIDE, PHONE)),
    Site("coaching-new", "/coaching/new", empty=True, pictures=SEEN),
    Site("coaching", "/coaching/{coaching}", pictures=(WIDE, PHONE, ENGLISH)),
    Site("coaching-advice", "/coaching/{coaching}/advice", pictures=SEEN),
    Site("project", "/projects/{running}", pictures=(WIDE, PHONE, ENGLISH)),
    Site("project-days", "/projects/{running}?axis=days"),
    Site("project-completed", "/projects/{completed}", pictures=SEEN),
    Site("project-draft", "/projects/{draft}"),
    Site("project-suspended", "/projects/{suspended}"),
    Site("project-cancelled", "/projects/{cancelled}"),
    Site("project-refused", "/projects/{refused}"),
    Site("project-stuck", "/projects/{stuck}", city="odd"),
    Site("project-history", "/projects/{running}/history", pictures=SEEN),
    Site("project-documents", "/projects/{running}/documents", pictures=SEEN),
    Site("project-notices", "/projects/{running}/notices", pictures=SEEN),
    Site("extensions", "/extensions", empty=True, pictures=SEEN),
    Site("joint-reviews", "/joint-reviews", empty=True, pictures=(WIDE, PHONE, ENGLISH)),
    Site("joint-reviews-mine", "/joint-reviews", "{opinion_by}", pictures=SEEN),
    Site("joint-review-new", "/joint-reviews/new", empty=True),
    Site("joint-review-launch", "/joint-reviews/new?project={running}", pictures=(WIDE, PHONE)),
    Site("joint-review", "/joint-reviews/{round}", pictures=(WIDE, PHONE, ENGLISH)),
    Site("joint-review-met", "/joint-reviews/{round_met}", pictures=SEEN),
    Site("joint-review-outcome", "/joint-reviews/{minutes_of}", "{minutes_for}", pictures=SEEN),
    Site(
        "opinion",
        "/joint-reviews/{round}/opinion",
        "{opinion_by}",
        pictures=(WIDE, PHONE, ENGLISH),
    ),
    Site("opinion-entered", "/joint-reviews/{round_met}/opinion"),
    Site("participants", "/joint-reviews/{round_met}/participants", pictures=(WIDE, PHONE)),
    Site("conclusion", "/joint-reviews/{round}/conclusion", pictures=(WIDE, PHONE)),
    Site("review-conditions", "/joint-reviews/conditions", empty=True, pictures=SEEN),
    Site("review-statistics", "/joint-reviews/statistics", empty=True, pictures=(WIDE, PHONE)),
    Site("meetings", "/meetings", empty=True, pictures=(WIDE, PHONE, ENGLISH)),
    Site("meetings-week", "/meetings?view=week", empty=True),
    Site("meeting-new", "/meetings/new", empty=True, pictures=SEEN),
    Site("meeting", "/meetings/{meeting}", pictures=(WIDE, PHONE)),
    Site("rooms", "/meetings/rooms", empty=True, pictures=SEEN),
    Site("minutes", "/joint-reviews/{minutes_of}/minutes", pictures=(WIDE, PHONE, ENGLISH)),
    Site("reply", "/joint-reviews/{minutes_of}/reply", pictures=SEEN),
    notice("accepted", *SEEN),
    notice("supplement", *SEEN),
    notice("not_accepted", *SEEN),
    notice("refused"),
    Site("project-start", "/projects/{draft}/start"),
    Site("project-suspend", "/projects/{running}/suspend"),
    Site("project-resume", "/projects/{suspended}/resume"),
    Site("project-close", "/projects/{running}/close"),
    Site("project-cancel", "/projects/{running}/cancel"),
    Site("item-withdraw", "/projects/{running}/items/{item}/withdraw"),
    Site("item-apply-again", "/projects/{refused}/items/{refused_item}/apply-again"),
    Site("incident-retry", "/projects/{stuck}/incidents/{incident}/retry", city="odd"),
    Site("tasks", "/tasks", "{review_by}", empty=True, pictures=(WIDE, PHONE, ENGLISH)),
    Site("tasks-of-all", "/tasks", empty=True),
    task("receive"),
    task("review", WIDE, PHONE, ENGLISH),
    task("decide"),
    task("deliver"),
    task("supplement"),
    task("work"),
    Site("task-ended", "/tasks/{ended}"),
    Site("task-deadline", "/tasks/{review}/deadline", "{review_by}", pictures=(WIDE, PHONE)),
    Site("procedures", "/procedures", "analyst", empty=True, pictures=SEEN),
    Site("procedure", INDUSTRIAL, "analyst", pictures=(WIDE, ENGLISH)),
    Site("procedure-catalogue", f"{INDUSTRIAL}?tab=catalogue", "analyst", pictures=SEEN),
    Site("procedure-path", f"{INDUSTRIAL}?tab=path", "analyst", pictures=SEEN),
    Site("procedure-versions", f"{INDUSTRIAL}?tab=versions", "analyst", pictures=SEEN),
    Site("procedure-deploy", "/procedures/deploy", "analyst", empty=True, pictures=SEEN),
    Site("procedure-checked", "/procedures/deploy/{checked}", "analyst", city="odd", pictures=SEEN),
    Site("lab", "/lab", "analyst", empty=True, pictures=(WIDE, PHONE)),
    Site("lab-new", "/lab/new", "analyst", empty=True, pictures=SEEN),
    Site(
        "lab-scenario",
        "/lab/{scenario}?optimum=1",
        "analyst",
        pictures=(WIDE, PHONE, ENGLISH),
    ),
    Site("lab-scenario-proposed", "/lab/{proposed}", "admin"),
    Site("lab-diagrams", "/lab/{scenario}/diagrams", "analyst", pictures=(WIDE, ENGLISH)),
    Site(
        "lab-compare", "/lab/compare?ids={scenario},{proposed}", "analyst", pictures=(WIDE, PHONE)
    ),
    Site(
        "lab-operation",
        "/lab/{scenario}/operations/new?kind=move_to_post&item=IND-02",
        "analyst",
        pictures=SEEN,
    ),
    Site("lab-operation-edit", "/lab/{scenario}/operations/post-IND-02", "analyst"),
    Site("lab-edit", "/lab/{scenario}/edit", "analyst"),
    Site("lab-remove", "/lab/{scenario}/remove", "analyst"),
    Site("simulations", "/simulations", "analyst", city="odd", pictures=(WIDE, PHONE)),
    Site("simulations-empty", "/simulations", "analyst", city="bare"),
    Site("simulation-new", "/simulations/new", "analyst", city="odd", pictures=(WIDE, PHONE)),
    Site("simulation-queued", "/simulations/{queued}", "analyst", city="odd"),
    Site(
        "simulation",
        "/simulations/{simulated}",
        "analyst",
        city="odd",
        pictures=(WIDE, PHONE, ENGLISH),
    ),
    Site(
        "simulation-diagram",
        "/simulations/{simulated}/diagram",
        "analyst",
        city="odd",
        pictures=(WIDE, PHONE),
    ),
    Site("simulation-removal", "/simulations/{simulated}/remove", "analyst", city="odd"),
    Site(
        "simulations-compare",
        "/simulations/compare?first={simulated}&second={simulated_too}",
        "analyst",
        city="odd",
        pictures=(WIDE, PHONE),
    ),
    Site("logs", "/logs", "analyst", city="odd", pictures=(WIDE, PHONE)),
    Site("logs-empty", "/logs", "analyst", city="bare"),
    Site("log-new", "/logs/new", "analyst", empty=True, pictures=SEEN),
    Site(
        "log-columns", "/logs/new/{table}", "analyst", city="odd", pictures=(WIDE, PHONE, ENGLISH)
    ),
    Site("log-columns-again", "/logs/{mapped}/columns", "analyst", city="odd"),
    Site("log", "/logs/{log}", "analyst", city="odd", pictures=(WIDE, PHONE)),
    Site("log-name", "/logs/{log}/name", "analyst", city="odd"),
    Site("log-remove", "/logs/{log}/remove", "analyst", city="odd"),
    Site(
        "log-match",
        "/logs/{mapped}/match?procedure=industrial-2014",
        "analyst",
        city="odd",
        pictures=SEEN,
    ),
    Site(
        "log-calibration",
        "/logs/{log}/calibration",
        "analyst",
        city="odd",
        pictures=(WIDE, PHONE, ENGLISH),
    ),
    Site("log-diagram", "/logs/{log}/diagram", "analyst", city="odd", pictures=(WIDE, PHONE)),
    Site("calendar", "/calendar", empty=True, pictures=(WIDE, PHONE, ENGLISH)),
    Site("calendar-provisional", "/calendar?year=2027", empty=True),
    Site("calendar-edit", "/calendar/edit", empty=True, pictures=(WIDE, PHONE)),
    Site("commitments", "/commitments", empty=True, pictures=(WIDE, PHONE)),
    Site("commitment", "/commitments/{commitment}", "{commitment_by}", pictures=SEEN),
    Site("credit-records", "/credit-records", "supervisor", empty=True, pictures=(WIDE, PHONE)),
    Site("cards", "/supervision/cards", "supervisor", empty=True, pictures=(WIDE, PHONE)),
    Site("card", "/supervision/cards/{card}", "supervisor", pictures=(WIDE, PHONE, ENGLISH)),
    Site("card-mine", "/supervision/cards/{card}", "{card_by}", pictures=SEEN),
    Site("card-new", "/supervision/cards/new?project={running}", "supervisor", pictures=SEEN),
    Site("users", "/users", "admin", empty=True, pictures=SEEN),
    Site("user-new", "/users/new", "admin", empty=True, pictures=SEEN),
    Site("user", "/users/{user}", "admin", pictures=SEEN),
    Site("departments", "/departments", "admin", empty=True, pictures=SEEN),
    Site("account", "/account", empty=True, pictures=SEEN),
    Site("supervision", "/supervision", "supervisor", empty=True, pictures=(WIDE, PHONE, ENGLISH)),
    Site("supervision-year", "/supervision?period=2014", "supervisor"),
    Site("supervision-cases", "/supervision/cases", "supervisor", empty=True, pictures=SEEN),
    Site("supervision-reports", "/supervision/reports", "supervisor", empty=True, pictures=SEEN),
    Site("supervision-report", "/supervision/reports/2014Q3", "supervisor", pictures=SEEN),
    Site("supervision-report-year", "/supervision/reports/2014", "supervisor"),
    Site("supervision-evaluation", "/supervision/evaluation", "analyst", empty=True, pictures=SEEN),
    Site("search", "/search?q=厂房", empty=True, pictures=SEEN),
    Site("missing", "/projects/999999", status=404, empty=True),
    Site("forbidden", "/users", "{review_by}", status=403),
)


#: what is served to be a part of a page or a file, or leads to one, by the name of its route
PARTS = frozenset(
    {
        "lab_files",
        "lab_report_docx",
        "lab_report_xlsx",
        "lab_drawing",
        "lab_labels",
        "lab_states",
        "lab_operations_back",
        "lab_optimum_back",
        "lab_copy_back",
        "lab_rebase_back",
        "lab_propose_back",
        "lab_withdraw_back",
        "lab_approve_back",
        "lab_reject_back",
        *("simulations_chosen", "simulation_assumed"),
        *("simulation_drawing", "simulation_labels", "simulation_states"),
        *("log_xes", "log_csv", "log_assumptions", "log_everything"),
        *(
            "log_drawing",
            "log_labels",
            "log_states",
            "log_own_back",
            "log_calibrate_back",
            "log_deploy_back",
        ),
        "calendar_preview_again",
        *("ask_coaching_again", "advise_coaching_again", "close_coaching_again"),
        *("reopen_coaching_again", "coaching_project_again", "generate_checklist_again"),
        *("add_material_again", "tick_material_again", "add_department_again"),
        *("draft_diagram", "draft_labels"),
        *("procedure_archive", "procedure_diagram", "procedure_file"),
        *("procedure_labels", "procedure_states"),
        *("project_diagram", "project_labels", "project_states"),
        "suggestions",
        *("check_commitment_again", "lift_credit_record_again", "supply_gap_again"),
        *("card_appeal_again", "card_correct_again", "card_decide_again", "card_reply_again"),
        *("task_assign_again", "task_claim_again", "task_file_again", "task_unclaim_again"),
        *("task_stop_again", "task_go_on_again", "task_extend_again"),
        *("task_extend_approve_again", "task_extend_decline_again"),
        *("extension_approve_again", "extension_decline_again"),
        *("minutes_draft_again", "minutes_sign_again", "minutes_seal_again"),
        *("minutes_verify_again", "reply_send_again"),
        *("review_receive_again", "review_condition_again", "review_supply_again"),
        *("review_raise_again", "review_settle_again", "review_attendance_again"),
        "review_applicant_again",
        *("review_representative_again", "review_add_again", "review_replace_again"),
        *("review_cancel_again", "meeting_move_again", "meeting_cancel_again"),
        *("meeting_hold_again", "meeting_remove_again", "meeting_feed_again", "room_again"),
        "tasks_claim_again",
    }
)
