"""Errors in the words of people: what happened and what to do, by class and by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api import archive, problem
from api.web import log_refusals
from api.web.scenario_words import conflict_words
from api.web.simulation_form import BadAssumptions, NotANumber
from engine import errors
from engine.analysis.eventlog.refusal import InvalidLog
from engine.analysis.reengineering.plan import Inapplicable
from engine.analysis.simulation.compare import NotPaired
from engine.analysis.simulation.distribution import InvalidDistribution
from engine.analysis.simulation.plan import InvalidPlan
from engine.errors import LianshenError
from engine.rules.coaching import CoachingClosed, HasProject, NotTakingPart
from engine.rules.credit import OnRecord
from engine.rules.extension import AlreadyExtended, NotExtendable, TooLate
from engine.rules.gaps import GapsOpen
from engine.rules.joint_review import NotBegun, NotConcludable, ReasonsMissing, RoundClosed
from engine.rules.meeting import Booked
from engine.rules.minutes import MinutesFixed, NotDrafted, SignaturesAwaited
from engine.rules.receipt import SecondNotice
from engine.rules.revision_check import InvalidRevision
from engine.rules.scenario import (
    BaseOutdated,
    NotEditable,
    NotProposable,
    OperationUnlawful,
    SecondPerson,
)
from engine.rules.simulation import NotDone
from engine.rules.suspension import Overlap
from engine.service.attachments import BadFileName, ProjectEnded
from engine.service.drafts import DraftGone
from engine.service.idempotency import KeyReused
from engine.service.identity import NAME_LENGTH, LastAdministrator
from engine.service.incidents import StepFailed
from engine.service.login import TooManyAttempts, WrongPassword
from engine.service.projects import MAX_NAME
from engine.service.review.template import BadTemplate
from engine.service.scenarios.effects import TooManyAtOnce
from engine.service.scenarios.export import NotComposable
from engine.service.silence import AcceptedBySilence, AgreedBySilence, PassedBySilence
from engine.service.supervision.issuing import CardGiven, NotByHand
from engine.service.tasks import ItemStands, ProjectStands, TaskCancelled, TaskClaimed, TaskEnded
from engine.service.tokens import Unauthenticated

Sentences = Mapping[type[LianshenError], tuple[Any, Any]]

#: what happened, what to do; the nearest class decides
BY_CLASS: Sentences = {
    Unauthenticated: (_l("登录已过期。"), _l("请在新窗口登录，再回到这里提交一次。")),
    WrongPassword: (_l("用户名或密码不对。"), _l("请核对后再试；管理员可以重设密码。")),
    TooManyAttempts: (_l("登录失败次数太多。"), _l("请 %(retry_after)s 秒后再试。")),
    problem.BadCsrf: (_l("登录已更新，这张表单还是旧的。"), _l("内容已保留，请再提交一次。")),
    KeyReused: (_l("这张表单已经提交过。"), _l("请刷新页面查看结果。")),
    errors.Forbidden: (_l("您没有办理这件事的权限。"), _l("请联系相应的部门或管理员。")),
    DraftGone: (_l("检查过的文件已不再保留。"), _l("请重新上传文件，再检查一次。")),
    archive.BadArchive: (
        _l("压缩包打不开。"),
        _l("请确认是 ZIP 格式且没有损坏，重新压缩后再上传。"),
    ),
    archive.WrongFile: (
        _l("“%(file)s”不是流程文件。"),
        _l("只接受 .bpmn、.xml、.yaml 文件，或把它们装在一起的 .zip 压缩包。"),
    ),
    archive.SentTwice: (
        _l("有两个文件都叫“%(file)s”。"),
        _l("请只留一个，或把整个流程文件夹压缩后上传。"),
    ),
    errors.NotFound: (_l("没有找到。"), _l("它可能已被删除，或者地址有误；请从列表重新进入。")),
    SecondNotice: (
        _l("已于 %(told_on)s 告知过需要补正的内容，法律只许告知一次。"),
        _l("请受理，或说明理由不予受理。"),
    ),
    GapsOpen: (
        _l("容缺的材料还没有补齐，不能作出决定：%(missing)s。"),
        _l("请等申请人补齐；纸质材料已收到的，先在任务页登记收到。"),
    ),
    OnRecord: (
        _l("申请单位在信用记录内，至 %(until_on)s 止，不适用容缺受理和告知承诺。"),
        _l("请在材料齐全后受理；记录有误的，请协调员或督查员移出。"),
    ),
    ItemStands: (
        _l("这一事项的计时自 %(stopped_on)s 起中止。"),
        _l("恢复计时后再提交；原因见法定时钟。"),
    ),
    Overlap: (
        _l("计时从 %(from_on)s 起已经中止过，日期重叠。"),
        _l("请先查看以往的中止；前一次结束当日起才能再次中止。"),
    ),
    AlreadyExtended: (
        _l("这次申请已经延期，或者已申请延期；法律只许延期一次。"),
        _l("请先处理已有的延期申请。"),
    ),
    NotExtendable: (_l("规定这一时限的法律没有延期。"), _l("请在现有期限内作出决定。")),
    TooLate: (_l("期限已于 %(due_on)s 届满，不能再延期。"), _l("请立即作出决定。")),
    AcceptedBySilence: (
        _l("受理期限已于 %(lapsed_on)s 届满而没有告知，依法视为自收到申请之日起受理。"),
        _l("您填写的内容没有提交；请查看现在的情况，按已经受理继续办理。"),
    ),
    PassedBySilence: (
        _l("承诺时限已于 %(lapsed_on)s 届满，这一事项已按超时默认通过。"),
        _l("您填写的内容没有提交；请在 1 个工作日内出具证照或文书。"),
    ),
    AgreedBySilence: (
        _l("提出意见的期限已于 %(lapsed_on)s 届满，已经视为同意。"),
        _l("您填写的内容没有提交；结论作出之前，可以在联审页面修改意见。"),
    ),
    TaskEnded: (
        _l("这项任务已由 %(ended_by)s 办理。"),
        _l("您填写的内容没有提交；请查看现在的情况。"),
    ),
    TaskCancelled: (
        _l("这项任务已经取消：项目已结束，或申请已撤回。"),
        _l("您填写的内容没有提交；请看下面的改动。"),
    ),
    ProjectEnded: (_l("项目已经结束，不再接收文件。"), _l("需要补充时，请联系协调员。")),
    BadFileName: (
        _l('文件名须为 1 至 255 个字符，不能含 / \\ : * ? " < > |。'),
        _l("请改名后再上传。"),
    ),
    TaskClaimed: (_l("这项任务已由他人认领。"), _l("请与认领人商量，或由协调员改派。")),
    ProjectStands: (_l("项目现在不在办理中。"), _l("项目恢复办理后再提交。")),
    StepFailed: (
        _l("流程图有问题，这一步没有办成。"),
        _l("已登记为事件 %(incident)s，任务仍然开着；修正后可以重试。"),
    ),
    errors.ModelError: (
        _l("流程图有问题，这一步还是没有办成。"),
        _l("请核对原因，更正数据后再试；改流程图须部署新版本。"),
    ),
    CoachingClosed: (_l("这次辅导已经结束。"), _l("需要继续时，请协调员重新开始。")),
    HasProject: (_l("已经转为项目。"), _l("请在项目页继续办理。")),
    NotTakingPart: (
        _l("这个部门没有参加这次辅导。"),
        _l("请选择参加的部门，或请协调员增加这个部门。"),
    ),
    MinutesFixed: (
        _l("会议纪要已送会签或已定稿，不能再改。"),
        _l("需要补充的，请在会签时附记，或写入下一轮的纪要。"),
    ),
    NotDrafted: (
        _l("会议纪要还没有送会签。"),
        _l("请牵头部门先起草纪要，再办结“会议纪要”任务。"),
    ),
    SignaturesAwaited: (
        _l("会签期限为 %(until)s，还要等待会签：%(departments)s。"),
        _l("期满后，牵头部门会签完毕即可定稿，未会签的部门会在纪要中注明。"),
    ),
    BadTemplate: (
        _l("文书模板“%(template)s”有问题，文书没有生成。"),
        _l("请在 Word 中改正模板里的占位符；可用的名称见操作指南。"),
    ),
    RoundClosed: (
        _l("这一轮联审已经结束，不再收取意见。"),
        _l("请查看结论；新的意见请在下一轮提出。"),
    ),
    NotBegun: (
        _l("会议还没有开始，不能记为缺席，也不能登记会上意见。"),
        _l("会议开始后再登记；部门意见随时可以在系统里提出。"),
    ),
    NotConcludable: (
        _l("这一轮联审还不能形成结论。"),
        _l("请看还缺什么：缺意见的请催办，已提请裁定的等裁定，要补正的先一次性告知。"),
    ),
    ReasonsMissing: (
        _l("不同意须写明法律依据和要求，否则退回。"),
        _l("请写明依据的条款，以及怎样改才能同意。"),
    ),
    Inapplicable: (
        _l("这项措施用不上。"),
        _l("请改动这项措施或它的次序，或先停用与它冲突的措施。"),
    ),
    OperationUnlawful: (
        _l("措施“%(operation)s”违反规定，不能启用：%(law)s。"),
        _l("可以留在方案里而不启用；要采用的，请改到符合规定。"),
    ),
    TooManyAtOnce: (
        _l("有 %(number)s 项措施可能改变开工日，超过 %(most)s 项，网页不逐一比较。"),
        _l("请用命令 lianshen scenario optimise 求最低成本，它会显示进度。"),
    ),
    NotComposable: (
        _l("图中有网络图说不出的内容，重新编排后运行会不一样。"),
        _l("请把所指的内容画进事项自己的流程，或手工绘制新版本。"),
    ),
    NotEditable: (_l("已提请审核或已批准的方案不能再改。"), _l("请先撤回，或复制一份再改。")),
    BaseOutdated: (
        _l("方案的基础是流程的第 %(base_version)s 版，现在已有第 %(newest_version)s 版。"),
        _l("请把方案换到最新版，看过效果，再继续。"),
    ),
    NotProposable: (
        _l("方案还不能提请审核：有违反规定或冲突之处，或者没有改动流程。"),
        _l("请看方案的效果；所列违反规定和冲突之处须全部消除。"),
    ),
    SecondPerson: (
        _l("方案须由提请人和最后改动的人以外的人审核。"),
        _l("请另一位分析员或管理员审核。"),
    ),
    InvalidLog: (
        _l("这个文件不能读作事件日志。"),
        _l("请改正文件，或改选列，再导入一次；已选的都还在。"),
    ),
    NotANumber: (
        _l("请填写 %(least)s 到 %(most)s 之间的数。"),
        _l("请改正后再开始。"),
    ),
    InvalidDistribution: (
        _l("用时请写成 pert(3, 5, 9)、lognormal(5, 2)、fixed(5) 这样，或只写一个数。"),
        _l("pert 里依次是最短、最可能、最长；数都不能是负的。"),
    ),
    InvalidPlan: (_l("这样算不出结果。"), _l("项目数不能少于重复次数；还要有项目到来。")),
    BadAssumptions: (_l("设定有误：%(reason)s。"), _l("请改正所指的地方，再开始。")),
    NotDone: (_l("这个模拟还没有结果。"), _l("请等它算完；失败或取消的，请再算一次。")),
    NotPaired: (
        _l("这两个模拟的种子、项目数、重复次数或开头不计的天数不同，说不出差别是不是偶然。"),
        _l("请用同样的计划把其中一个再算一次。"),
    ),
    errors.NameTaken: (_l("这个名称已有人使用。"), _l("请换一个名称。")),
    LastAdministrator: (
        _l("至少要有一位在用的管理员。"),
        _l("请先让另一位用户成为管理员。"),
    ),
    NotByHand: (
        _l("超时的牌由系统按时限自动发给超时的人，不能手工亮牌。"),
        _l("请选择其他事由。"),
    ),
    CardGiven: (_l("这项任务已经为此亮过同样的牌。"), _l("请查看这项任务的牌。")),
    Booked: (
        _l("这段时间会议室或参会代表已有安排。"),
        _l("请另选时间、会议室或代表；系统可以推荐合适的时间。"),
    ),
    errors.Conflict: (_l("现在的状态不允许这样做。"), _l("请重新载入，查看现在的情况。")),
    errors.Stale: (
        _l("在您填写期间，已有人作了改动。"),
        _l("请看下面的改动；核对后可以再提交一次。"),
    ),
    errors.TooLarge: (_l("文件或内容太大。"), _l("请压缩或分开后再上传。")),
    errors.InvalidDefinition: (_l("流程不能部署。"), _l("请改正所列的每个问题，再部署一次。")),
    InvalidRevision: (
        _l("工作日历的这些日子不能发布。"),
        _l("请改正所列的每一处，再提交。"),
    ),
    errors.CalendarRange: (_l("日期在工作日历之外。"), _l("请使用 2004 年以后的日期。")),
    errors.Invalid: (_l("填写的内容有误。"), _l("请按提示改正后再提交。")),
    problem.Malformed: (_l("请求无法读取。"), _l("请从页面重新操作。")),
    problem.BadMethod: (_l("这个地址不接受这种操作。"), _l("请从页面重新操作。")),
    errors.Unavailable: (_l("服务暂时繁忙。"), _l("请稍候再试；填写的内容还在。")),
    problem.Unexpected: (
        _l("服务内部出错。"),
        _l("请把编号告诉管理员，日志里有原因；填写的内容还在。"),
    ),
    LianshenError: (_l("没有办成。"), _l("请稍后再试，或联系管理员。")),
}

#: what is wrong with a field, where its value is not acceptable
BY_FIELD: Mapping[str, Any] = {
    "email": _l("请填写一个邮箱地址，例如 li.wei@example.cn。"),
    "name": _l("名称须为 1 至 %(limit)s 个可见字符。"),
    "applicant": _l("建设单位须为 1 至 %(limit)s 个可见字符。"),
    "procedure": _l("请选择已部署的流程。"),
    "outcome": _l("请选择一个结论。"),
    "user": _l("请选择一位可以办理这项任务的人。"),
    "roles": _l("角色有误：窗口和审批人员须属于一个部门。"),
    "password": _l("密码须为 8 至 256 个字符，且不能与用户名相同。"),
    "content_type": _l("不接受这种文件，或内容与类型不符。"),
    "content": _l("文件是空的，或内容不能接受。"),
    "reason": _l("请写明理由。"),
    "text": _l("请填写内容，不超过 4000 字；清单上已有的材料不必重复。"),
    "summary": _l("请写明辅导的结果，不超过 4000 字。"),
    "department": _l("请选择一个部门。"),
    "query": _l("筛选条件太长。"),
    "again": _l("两次输入的密码不一致。"),
    "legal_basis": _l("请写明法律依据。"),
    "authority": _l("请写明应当向哪个机关申请。"),
    "file": _l("请选择一个文件。"),
    "task": _l("请先勾选任务。"),
    "materials": _l("请列出全部需要补正的材料。"),
    "gaps": _l("请勾选容缺的材料：只能是目录列明可以容缺的，并各自承诺补齐日期。"),
    "promised_on": _l("补齐日期须在今天之后，且不晚于承诺办结日期。"),
    "form": _l("材料形式最多 200 个字。"),
    "conditions": _l("请写明已告知的条件和要求。"),
    "committed_by": _l("请写明签署承诺书的人。"),
    "corrected": _l("更正的内容每行一项，每项最多 200 个字。"),
    "findings": _l("请写明核查发现的问题。"),
    "rectify_by_on": _l("整改期限须在今天之后。"),
    "material": _l("还没有收到这项材料的文件，请先上传。"),
    "until_on": _l("截止日期不能早于今天。"),
    "files": _l("请选择流程文件。"),
    "to": _l("请选择文件属于哪一项材料。"),
    "data": _l("请逐行填写：名称 = 值。"),
    "stop_reason": _l("请选择一项依法不计时的原因。"),
    "stop_notice": _l("请写明书面告知申请人的文号。"),
    "stop_days": _l("预计时间须为 1 至 1000 个工作日。"),
    "stop_from": _l("中止日须在计时开始以后，且不晚于今天。"),
    "stop_until": _l("恢复日须不早于中止日，且不晚于今天。"),
    "go_on_until": _l("恢复日须不早于中止日，且不晚于今天。"),
    "more_days": _l("延长的天数须在法律允许的范围内。"),
    "more_reason": _l("请写明延期的理由。"),
    "more_notice": _l("请写明书面告知申请人的文号。"),
    "decision_note": _l("请写明不批准的理由。"),
    "source": _l("请写明依据，不超过 200 个字。"),
    "days": _l("工作日历的这些日子不能发布。"),
    "rule": _l("请选择亮牌事由。"),
    "colour": _l("请选择黄牌或红牌。"),
    "person": _l("没有这位用户。"),
    "note": _l("请写明情况，不超过两千字。"),
    "cause": _l("请选择原因。"),
    "reply": _l("请写明说明，不超过两千字。"),
    "appeal": _l("请写明申诉的理由，不超过两千字。"),
    "result": _l("请选择维持或者撤销。"),
    "kind": _l("请选择一种意见。"),
    "required": _l("请写明怎样改才能同意。"),
    "given_by": _l("请写明意见是谁提出的。"),
    "bound": _l("每条条件都要写明内容、落实单位和不早于今天的期限，至少一条。"),
    "needed": _l("请列出需要补充的材料，至少一项。"),
    "conclusion": _l("请选择一个可以作出的结论。"),
    "reasons": _l("这个结论须写明理由。"),
    "question": _l("请写明要裁定的问题；没有部门不同意时不必提请。"),
    "settlement": _l("请写明怎样裁定。"),
    "items": _l("请选择要审查的事项：这一阶段还没有办结的。"),
    "departments": _l("请选择至少一个参加的部门。"),
    "stage": _l("请选择流程里的一个阶段。"),
    "agenda": _l("请选择项目；一次会议的项目须由同一部门牵头，同一阶段只列一次。"),
    "starts_at": _l("会议须在将来的工作日，按规定提前通知，且不晚于意见截止日。"),
    "ends_at": _l("会议须在开始之后、12 小时之内结束。"),
    "opinion_due_on": _l("意见截止须是工作日，给足提意见的工作日数，且不超过规定的最长期限。"),
    "room": _l("请选择在用的会议室。"),
    "seats": _l("座位须为 0 至 10000 的整数。"),
    "place": _l("地点不超过 200 个可见字符。"),
    "operations": _l("措施清单有误：每项措施须有自己的编号，最多 100 项。"),
    "participants": _l("请选择参加联审的部门。"),
    "target": _l("目标须为 1 至 9999 个工作日的整数。"),
    "target_procedure": _l("流程编号须为 1 至 100 个字母、数字、点、连字符或下划线。"),
    "title": _l("会议名称须为 1 至 300 个可见字符。"),
}
LIMITS = {"name": MAX_NAME, "applicant": MAX_NAME, "user_name": NAME_LENGTH}


def title(error: LianshenError) -> str:
    """Return what happened, in one sentence."""
    if isinstance(error, Inapplicable) and (
        own := conflict_words(error.detail["cause"], error.detail["items"])
    ):
        return own
    if isinstance(error, InvalidLog):
        return log_refusals.sentence(error)
    if isinstance(error, BadAssumptions) and error.detail.get("fields"):
        # each stands at its field
        return str(_("设定有误。"))
    if type(error) is errors.Invalid and (own := of_field(error)):
        return own
    return said(error, 0)


def fields(error: LianshenError) -> dict[str, str]:
    """Return what is wrong with each field of a form that an error names."""
    if isinstance(error, BadAssumptions) and (own := error.detail.get("fields")):
        return dict(own)
    name = str(error.detail.get("field", ""))
    return {name: title(error)} if name else {}


def of_field(error: LianshenError) -> str:
    """Return what is wrong with the field an error names, '' where there is no sentence for it."""
    name = str(error.detail.get("field", ""))
    return _(str(BY_FIELD[name]), limit=LIMITS.get(name, 0)) if name in BY_FIELD else ""


def remedy(error: LianshenError) -> str:
    """Return what to do."""
    return said(error, 1)


def said(error: LianshenError, place: int) -> str:
    """Return a sentence about an error with its details filled in."""
    kind = next(each for each in type(error).__mro__ if each in BY_CLASS)
    sentence = str(BY_CLASS[kind][place])
    try:
        return sentence % error.detail if error.detail else sentence
    except (KeyError, ValueError):
        return sentence
