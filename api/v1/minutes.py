"""Minutes of a joint review and its reply: drafted, signed, sealed, checked, as Word documents."""

from __future__ import annotations

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.call import Call, Content
from api.route import Route
from api.schemas import Body, Text, Word, example
from engine.service.review import finishing, minutes, minutes_shown, reply
from engine.service.review.minutes_document import DOCX
from engine.service.review.minutes_rows import Verified
from engine.service.review.minutes_shown import MinutesView
from engine.service.review.reply import ReplyView


class MinutesTexts(Body):
    """What the lead writes in minutes; what is left out stays as it is."""

    model_config = example(opening="规划局介绍方案。", discussion="重点讨论出入口。", remarks="")
    opening: Text | SkipJsonSchema[None] = Field(None, description="how the meeting began")
    discussion: Text | SkipJsonSchema[None] = Field(None, description="what was discussed")
    remarks: Text | SkipJsonSchema[None] = Field(None, description="whatever else is to be noted")


class Signing(Body):
    """A department's signature."""

    model_config = example(department="EPB", remark="保留书面意见")
    department: Word = Field(description="for which whoever asks works")
    remark: Text = Field("", description="noted with the signature; it keeps nothing up")


class ReplyText(Body):
    """What the lead writes to the applicant."""

    model_config = example(text="请按批准的方案实施。")
    text: Text = ""


def get(call: Call) -> MinutesView:
    return minutes_shown.get(call.work, call.path["round"])


def draft(call: Call) -> MinutesView:
    texts = call.body.model_dump(exclude_none=True)
    minutes.draft(call.work, call.path["round"], texts, call.expected_version)
    return get(call)


def send(call: Call) -> MinutesView:
    texts = call.body.model_dump(exclude_none=True)
    finishing.send(call.work, call.path["round"], texts, call.expected_version)
    return get(call)


def sign(call: Call) -> MinutesView:
    said = (call.body.department, call.body.remark)
    minutes.sign(call.work, call.path["round"], *said, call.expected_version)
    return get(call)


def seal(call: Call) -> MinutesView:
    minutes.seal(call.work, call.path["round"], call.expected_version)
    return get(call)


def verify(call: Call) -> Verified:
    return minutes_shown.verify(call.work, call.path["round"])


def minutes_file(call: Call) -> Content:
    name, file = minutes_shown.file(call.work, call.path["round"])
    return Content(file, DOCX, name)


def the_reply(call: Call) -> ReplyView:
    return reply.get(call.work, call.path["round"])


def send_reply(call: Call) -> ReplyView:
    finishing.answer(call.work, call.path["round"], call.body.text, call.expected_version)
    return the_reply(call)


def reply_file(call: Call) -> Content:
    name, file = reply.file(call.work, call.path["round"])
    return Content(file, DOCX, name)


ROUND = "/joint-reviews/<key:round>"
MINUTES = f"{ROUND}/minutes"
TAG = "Joint reviews"

ROUTES = (
    Route(
        "get_minutes",
        "GET",
        MINUTES,
        get,
        "Get the minutes of a joint review: what they say, who signed, their hash",
        TAG,
        answer=MinutesView,
        etag=True,
        description=(
            "Before anybody wrote a draft (`version` 0) it is what minutes would say now. The "
            "hash of what departments sign is SHA-256 over the content as JSON in UTF-8, keys in "
            "order, without spaces, and without `signatures`, `unsigned`, `sealed_at`, "
            "`sealed_by`, `sealed_by_name`."
        ),
    ),
    Route(
        "draft_minutes",
        "PUT",
        MINUTES,
        draft,
        "Write the lead's texts of the minutes; all else is made from the round",
        TAG,
        answer=MinutesView,
        body=MinutesTexts,
        etag=True,
        conditional=True,
        conflicts=True,
        description=(
            "If-Match holds the version of the minutes, 0 before the first draft; so it does "
            "where they are sent out, signed and sealed."
        ),
    ),
    Route(
        "send_minutes",
        "POST",
        f"{MINUTES}/send",
        send,
        "Send the minutes out for signing: completes the task `minutes`",
        TAG,
        answer=MinutesView,
        body=MinutesTexts,
        etag=True,
        conditional=True,
        conflicts=True,
        description="The round is concluded then; whoever signs has `minutes_days` to do so.",
    ),
    Route(
        "sign_minutes",
        "POST",
        f"{MINUTES}/sign",
        sign,
        "Sign the minutes for a department; the last one to sign seals them",
        TAG,
        answer=MinutesView,
        body=Signing,
        etag=True,
        conditional=True,
        conflicts=True,
    ),
    Route(
        "seal_minutes",
        "POST",
        f"{MINUTES}/seal",
        seal,
        "Seal minutes without the signatures that did not come in time",
        TAG,
        answer=MinutesView,
        etag=True,
        conditional=True,
        conflicts=True,
        description="For the lead, once it has signed and `sign_by_on` has passed.",
    ),
    Route(
        "verify_minutes",
        "POST",
        f"{MINUTES}/verify",
        verify,
        "Compute the hash of the minutes anew and compare every signature",
        TAG,
        answer=Verified,
        description=(
            "`hash` of sealed minutes is SHA-256 over the length of the content in bytes as "
            "decimal digits, a line feed, the whole content as JSON in that form, the document."
        ),
    ),
    Route(
        "minutes_document",
        "GET",
        f"{ROUND}/minutes.docx",
        minutes_file,
        "Get the minutes as a Word document: as sealed, or as they would be now",
        TAG,
        answer=Content,
        media=(DOCX,),
    ),
    Route(
        "get_reply",
        "GET",
        f"{ROUND}/reply",
        the_reply,
        "Get the one reply to the applicant",
        TAG,
        answer=ReplyView,
        etag=True,
        description="Applicants get it once it has gone out; before, its draft has no number.",
    ),
    Route(
        "send_reply",
        "POST",
        f"{ROUND}/reply",
        send_reply,
        "Send the reply to the applicant: completes the task `reply` and closes the round",
        TAG,
        answer=ReplyView,
        body=ReplyText,
        etag=True,
        conditional=True,
        conflicts=True,
        description="The minutes are sealed then. If-Match holds the version of the round.",
    ),
    Route(
        "reply_document",
        "GET",
        f"{ROUND}/reply.docx",
        reply_file,
        "Get the one reply to the applicant as a Word document",
        TAG,
        answer=Content,
        media=(DOCX,),
    ),
)
