"""Why an operation of re-engineering cannot be applied, in the words of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

#: by `cause`; `item` is the first of its `items`, `other` the second, `items` all
CAUSES: Mapping[str, Any] = {
    "unknown_item": _l("流程中没有可以改动的“%(item)s”。"),
    "absorbed": _l("“%(item)s”已被前面的措施并入“%(other)s”。"),
    "dropped": _l("“%(item)s”已被前面的措施取消。"),
    "not_shorter": _l("“%(item)s”现在的天数已经不比这更长。"),
    "waits_not": _l("“%(item)s”并不直接等待“%(other)s”。"),
    "itself": _l("“%(item)s”不能并入自己，也不能等自己。"),
    "no_authority": _l("“%(item)s”与要并入的事项，只有一个由部门决定，不能合并。"),
    "cycle": _l("这样一来，事项会互相等待：%(items)s。"),
    "excluded": _l("“%(item)s”与“%(other)s”的这两项措施不能同时采用。"),
}


def conflict_words(cause: str, items: Sequence[str]) -> str:
    """Return why an operation cannot be applied; '' for a cause that is not known."""
    if cause not in CAUSES:
        return ""
    first, second = [*items, "", ""][:2]
    return str(_(str(CAUSES[cause]), item=first, other=second, items=" → ".join(items)))
