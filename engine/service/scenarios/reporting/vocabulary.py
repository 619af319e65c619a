"""All that a scenario's report says, in both languages: one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: by key: the Chinese and the English words; `{}` stand for values
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # -- the report ------------------------------------------------------------------------------
    "report": ("流程再造方案报告", "Re-engineering report"),
    "page": ("第 {} 页，共 {} 页", "Page {} of {}"),
    "chart_data": ("图表数据", "Chart data"),
    "none": ("无", "none"),
    "yes": ("是", "yes"),
    "days_of": ("{n} 天", "{n} days"),
    "day_of": ("{n} 天", "{n} day"),
    "comma": ("、", ", "),
    "semicolon": ("；", "; "),
    "arrow": (" → ", " → "),
    "quoted": ("“{}”", "“{}”"),
    # -- summary ---------------------------------------------------------------------------------
    "summary": ("概要", "Summary"),
    "facts": ("方案", "Scenario"),
    "fact": ("项目", "What"),
    "value": ("内容", "Value"),
    "name": ("方案名称", "Scenario"),
    "base": ("基础流程", "Base procedure"),
    "version": ("基础流程版本", "Version of the base"),
    "target_procedure": ("拟部署为", "To be deployed as"),
    "on": ("报告日期", "Date of the report"),
    "author": ("编制人", "Author"),
    "state": ("状态", "State"),
    "note": ("说明", "Note"),
    "state_draft": ("草稿", "draft"),
    "state_proposed": ("待审核", "proposed, waits for a second person"),
    "state_approved": ("已批准部署", "approved and deployed"),
    "state_rejected": ("已退回", "rejected"),
    "figure": ("指标", "Figure"),
    "before": ("改前", "Before"),
    "after": ("改后", "After"),
    "difference": ("变化", "Change"),
    "totals": ("改前与改后（工作日）", "Before and after, in working days"),
    "counted_days": ("计时总天数（至开工）", "Counted days, to construction start"),
    "elapsed_days": (
        "历时（含企业、中介工作，至开工）",
        "Elapsed days, with applicants’ and intermediaries’ work, to construction start",
    ),
    "acceptance_days": ("竣工验收计时天数（另计）", "Counted days of acceptance, totalled apart"),
    "elapsed_acceptance_days": (
        "竣工验收历时（另计）",
        "Elapsed days of acceptance, totalled apart",
    ),
    "items": ("审批事项（开工前）", "Items to construction start"),
    "sum_days": ("各事项承诺天数之和", "Promised days of all items, added up"),
    "cost": ("实施成本（分，本系统设定）", "Cost in points, which are ours"),
    "saved_text": (
        "计时总天数由 {before} 个工作日变为 {after} 个工作日，减少 {saved} 个（{percent}%）。",
        "Counted working days go from {before} to {after}: {saved} saved ({percent}%).",
    ),
    "longer_text": (
        "计时总天数由 {before} 个工作日变为 {after} 个工作日，增加 {saved} 个。",
        "Counted working days go from {before} to {after}: {saved} more.",
    ),
    "same_text": (
        "计时总天数不变，仍为 {before} 个工作日。",
        "Counted working days stay at {before}.",
    ),
    "makes_text": (
        "启用的操作得到的流程与“{procedure}”完全一致。",
        "The operations that are on make exactly “{procedure}”.",
    ),
    "makes_not_text": (
        "启用的操作得到的流程与“{procedure}”不一致。",
        "The operations that are on do not make “{procedure}”.",
    ),
    "outdated_text": (
        "基础流程已有更新的第 {newest} 版，本报告仍按第 {version} 版计算。",
        "The base has a newer version, {newest}; this report stands on version {version}.",
    ),
    "unlawful_text": (
        "方案有 {n} 处不合法，不得提交部署，见“{section}”。",
        "The scenario breaks the law in {n} places and must not be deployed: see “{section}”.",
    ),
    "conflicts_text": (
        "有 {n} 项操作与其他操作冲突，未生效，见“{section}”。",
        "{n} operations are in conflict with others and change nothing: see “{section}”.",
    ),
    # -- operations ------------------------------------------------------------------------------
    "operations": ("逐项操作", "Operations"),
    "operations_note": (
        "按顺序生效；“减少”是该操作使计时总天数减少的工作日，逐项相加等于总减少。",
        (
            "In the order in which they take effect. “Saved” is by how many working days an "
            "operation shortens the counted total; together they make the whole saving."
        ),
    ),
    "number": ("序号", "No."),
    "operation": ("操作", "Operation"),
    "kind": ("类型", "Kind"),
    "effect": ("生效", "Effect"),
    "saved": ("减少", "Saved"),
    "counted_after": ("计时", "Counted"),
    "elapsed_after": ("历时", "Elapsed"),
    "points": ("成本", "Cost"),
    "legality": ("合法性", "Legality"),
    "total": ("合计", "Total"),
    "lawful": ("合法", "lawful"),
    "kind_shorten": ("压缩", "shorten"),
    "kind_merge": ("合并", "merge"),
    "kind_drop": ("取消", "drop"),
    "kind_parallelise": ("并联", "parallelise"),
    "kind_move_to_post": ("后置", "move to post"),
    "kind_joint_review": ("联审", "joint review"),
    "kind_commitment": ("告知承诺", "commitment"),
    "step_applied": ("已生效", "applied"),
    "step_off": ("未启用", "off"),
    "step_conflict": ("冲突", "conflict"),
    "waterfall": ("每项操作减少的工作日", "Working days saved by each operation"),
    "waterfall_text": (
        "瀑布图：由 {before} 个工作日经 {n} 项操作到 {after} 个工作日。",
        "Waterfall: from {before} working days through {n} operations to {after}.",
    ),
    "hidden": ("（底，不显示）", "(base, not shown)"),
    "bar_total": ("总天数", "Total"),
    "bar_saved": ("减少", "Saved"),
    "bar_added": ("增加", "Added"),
    # -- critical paths --------------------------------------------------------------------------
    "paths": ("关键路径", "Critical paths"),
    "paths_note": (
        "关键路径上的事项每推迟一天，总天数就多一天；括号内是工作日。",
        (
            "Every day an item on a critical path is late makes the total a day longer. "
            "Working days stand in brackets."
        ),
    ),
    "paths_cut": (
        "{view}（{when}）共有 {count} 条关键路径，此处列出前 {n} 条。",
        "{view}, {when}: there are {count} critical paths, of which the first {n} are listed.",
    ),
    "view": ("口径", "View"),
    "when": ("时点", "When"),
    "days": ("工作日", "Days"),
    "path": ("路径", "Path"),
    "view_counted": ("计时", "counted"),
    "view_elapsed": ("历时", "elapsed"),
    "view_acceptance": ("竣工验收（计时）", "acceptance, counted"),
    "view_acceptance_elapsed": ("竣工验收（历时）", "acceptance, elapsed"),
    # -- schedule --------------------------------------------------------------------------------
    "schedule": ("进度对比", "Schedules"),
    "schedule_note": (
        "计时口径，自起点起的工作日；时差是可推迟而不影响总天数的工作日。",
        (
            "Counted working days after the start; float is by how many an item may be late "
            "without moving the total."
        ),
    ),
    "gantt": (
        "{when}甘特图（计时 {days} 个工作日）",
        "Gantt chart, {when}: {days} counted working days",
    ),
    "when_before": ("改前", "before"),
    "when_after": ("改后", "after"),
    "gantt_text": (
        "甘特图：{n} 个审批事项，至开工 {days} 个工作日。",
        "Gantt chart: {n} items, {days} working days to construction start.",
    ),
    "critical": ("关键", "Critical"),
    "not_critical": ("非关键", "Not critical"),
    "float": ("时差", "Float"),
    "stage_opening": ("至开工的事项", "To construction start"),
    "stage_other": ("开工后及其他事项", "Later, or aside"),
    "item": ("事项", "Item"),
    "department": ("部门", "Department"),
    "span_before": ("改前起止", "Before"),
    "span_after": ("改后起止", "After"),
    "float_before": ("改前时差", "Float before"),
    "float_after": ("改后时差", "Float after"),
    "span": ("第 {start}—{finish} 天", "day {start}–{finish}"),
    "gone": ("—", "—"),
    # -- legality --------------------------------------------------------------------------------
    "checks": ("合法性检查", "Legal checks"),
    "checks_lawful": (
        "方案整体符合下列各条。",
        "The scenario as a whole keeps every rule below.",
    ),
    "checks_unknown": (
        "未见违反；结果为“不能判定”的各条，数据中没有可供核对的内容，须由法制机构核对。",
        (
            "No breach was seen; where a result cannot be told, nothing is known to check it by: "
            "that is for the city’s legal office to look at."
        ),
    ),
    "checks_broken": ("违反：{breach}。", "Broken: {breach}."),
    "checks_inherited": (
        "基础流程本身即违反，本方案未改变：{breach}。",
        "Broken by the base itself, and left so: {breach}.",
    ),
    "checks_note": (
        "只检查下列条文；其他法律、法规和规章须由法制机构另行审查。",
        (
            "Only the rules below are checked; all other law is for the city’s legal office "
            "to look at."
        ),
    ),
    "rule": ("规则", "Rule"),
    "law": ("依据", "Article"),
    "result": ("结果", "Result"),
    "kept": ("符合", "kept"),
    "unknown": ("不能判定", "cannot be told"),
    "broken": ("违反", "broken"),
    "broken_before": ("基础流程即违反", "broken by the base"),
    "found": ("逐项操作的问题", "What operations break"),
    "rule_above_statute": (
        "承诺时限不超过法定时限",
        "promises are not longer than the law allows",
    ),
    "rule_commitment_barred": (
        "涉及环境、消防、安全等事项不适用告知承诺",
        "what may endanger others is not decided on the applicant’s commitment",
    ),
    "rule_guarded": (
        "保护他人安全和环境的事项不得取消",
        "what protects others is not dropped",
    ),
    "rule_competence": (
        "保护他人安全和环境的事项由其主管部门参与决定",
        "what protects others is decided with its own department",
    ),
    "catalogue_law": ("各事项的法定依据", "each item’s own law"),
    "rule_preconditions": (
        "法定前置不丧失（城市清单中没有适用于本流程的）",
        "legal preconditions are kept (none of the city’s list applies to this procedure)",
    ),
    "rule_precondition": (
        "“{before}”须先于“{after}”办结",
        "“{before}” is decided before “{after}”",
    ),
    "rule_named": ("{name}（{rule}）", "{name} ({rule})"),
    "breach_above_statute": (
        "“{item}”的承诺时限超过法定时限",
        "the promise of “{item}” is longer than the law allows",
    ),
    "breach_commitment_barred": (
        "“{item}”不适用告知承诺",
        "“{item}” cannot be decided on the applicant’s commitment",
    ),
    "breach_guarded": (
        "“{item}”须经修法才能取消",
        "only a change of the law may drop “{item}”",
    ),
    "breach_competence": (
        "“{item}”的主管部门不再参与决定",
        "the department of “{item}” would take part no more",
    ),
    "breach_precondition": (
        "“{after}”不再等待“{before}”",
        "“{after}” would not wait for “{before}”",
    ),
    "breach": ("{text}（{law}）", "{text} ({law})"),
    "conflict_unknown_item": ("流程中没有 {items}", "there is no {items} in the procedure"),
    "conflict_absorbed": (
        "{items}：前面的操作已将其合并",
        "{items}: an earlier operation merged it already",
    ),
    "conflict_dropped": (
        "{items}：前面的操作已将其取消",
        "{items}: an earlier operation dropped it already",
    ),
    "conflict_not_shorter": ("{items}：天数并未减少", "{items}: its days would not become fewer"),
    "conflict_waits_not": (
        "{items}：两者并无直接先后关系",
        "{items}: the one does not wait for the other",
    ),
    "conflict_itself": (
        "{items}：不能并入自身，也不能等待自身",
        "{items}: it cannot be merged into itself, nor wait for itself",
    ),
    "conflict_no_authority": (
        "{items}：只有一个由部门决定，不能合并",
        "{items}: only one of them is decided by a department",
    ),
    "conflict_cycle": (
        "{items} 将互相等待，形成环路",
        "{items} would wait for one another in a circle",
    ),
    "conflict_excluded": (
        "{items}：两项操作不能同时采用",
        "{items}: the two cannot be done together",
    ),
    # -- departments -----------------------------------------------------------------------------
    "departments": ("各部门须作的改变", "Changes by department"),
    "departments_note": (
        "未列出的部门照旧办理。",
        "Departments that are not listed work as before.",
    ),
    "departments_none": ("各部门均照旧办理。", "Every department works as before."),
    "change": ("须作的改变", "What changes"),
    "change_merged": (
        "“{item}”不再单独办理，并入“{into}”。",
        "“{item}” is decided no more by itself: it goes into “{into}”.",
    ),
    "change_takes_in": (
        "办理“{item}”时一并办理{absorbed}。",
        "With “{item}”, also decides {absorbed}.",
    ),
    "change_takes_in_papers": (
        "办理“{item}”时一并办理{absorbed}，并一次收取材料：{materials}。",
        "With “{item}”, also decides {absorbed}, and asks for these papers with it: {materials}.",
    ),
    "change_dropped": ("“{item}”不再办理。", "“{item}” is asked for no more."),
    "change_promise": (
        "“{item}”的承诺时限由 {before} 改为 {after}。",
        "Promises “{item}” in {after} instead of {before}.",
    ),
    "change_promise_instant": (
        "“{item}”的承诺时限由 {before} 改为当场办结。",
        "Decides “{item}” on the spot instead of in {before}.",
    ),
    "change_expectation": (
        "“{item}”的预计用时由 {before} 改为 {after}。",
        "Has {after} for “{item}” instead of {before}.",
    ),
    "change_earlier": (
        "“{item}”不再等待{waits_for}，在{instead}之后即可办理。",
        "“{item}” waits no more for {waits_for}: it may be decided after {instead}.",
    ),
    "change_earlier_free": (
        "“{item}”不再等待{waits_for}，也不再有其他前置。",
        "“{item}” waits no more for {waits_for}, nor for anything else.",
    ),
    "change_moved": (
        "“{item}”不再是{holds_up}的前置，改在{instead}之前办结。",
        "“{item}” holds up {holds_up} no more, but must be decided before {instead}.",
    ),
    "change_moved_free": (
        "“{item}”不再是{holds_up}的前置。",
        "“{item}” holds up {holds_up} no more.",
    ),
    "change_convenes": (
        "牵头召集“{item}”的联合审查，参加部门：{participants}。",
        "Convenes the joint review of “{item}” with {participants}.",
    ),
    "change_takes_part": (
        "参加由{lead}牵头的“{item}”联合审查，并按时提出意见。",
        (
            "Takes part in the joint review of “{item}”, which {lead} convenes, and gives its "
            "opinion in time."
        ),
    ),
    "change_commitment": (
        "“{item}”凭申请人的承诺作出决定，并在决定后 {check_days}内核查。",
        (
            "Decides “{item}” on the applicant’s commitment, and checks it within "
            "{check_days} of the decision."
        ),
    ),
    # -- the cheapest way ------------------------------------------------------------------------
    "front": ("天数与成本的最优前沿", "Days against cost"),
    "front_note": (
        (
            "前沿上的每一组操作，都没有别的组合天数更少而成本不更高，或成本更低而天数不更多；"
            "共比较了 {subsets} 种组合。"
        ),
        (
            "No other set has fewer days than one on the front for as few points, or costs less "
            "for as few days; {subsets} sets were compared."
        ),
    ),
    "reached_text": (
        "达到 {target} 个工作日的最低成本是 {cost} 分，用 {n} 项操作，计时 {days} 个工作日。",
        (
            "The cheapest way to {target} working days costs {cost} points: {n} operations, "
            "{days} counted days."
        ),
    ),
    "not_reached_text": (
        "目标 {target} 个工作日无法达到；最少可到 {days} 个工作日，成本 {cost} 分，用 {n} 项操作。",
        (
            "{target} working days cannot be reached; the fewest are {days}, for {cost} "
            "points and {n} operations."
        ),
    ),
    "near_text": (
        "另有 {n} 组达到目标而成本相近的组合。",
        "{n} other sets reach the target for little more.",
    ),
    "barred_text": (
        "因不合法而排除的操作：{operations}。",
        "Left out because they break the law: {operations}.",
    ),
    "idle_text": (
        "不影响开工时间的操作：{operations}。",
        "These cannot move construction start: {operations}.",
    ),
    "front_text": (
        "前沿图：{n} 组操作的计时工作日与成本。",
        "Front: counted working days and cost of {n} sets of operations.",
    ),
    "front_line": ("最优前沿", "Front"),
    "front_points": ("前沿上的组合", "Sets on the front"),
    "this_scenario": ("本方案", "This scenario"),
    "cheapest": ("达标的最低成本", "Cheapest that reaches the target"),
    "fewest": ("天数最少", "Fewest days"),
    "target": ("目标", "Target"),
    "near": ("成本相近的组合", "Near ties"),
    "choice_cost": ("实施成本（分）", "Cost in points"),
    "choice_days": ("计时工作日", "Counted working days"),
    "choice_numbers": (
        "所用操作（序号见“逐项操作”）",
        "Operations, by their numbers in “Operations”",
    ),
    # -- method ----------------------------------------------------------------------------------
    "method": ("方法与局限", "Method and limits"),
    "method_counted": (
        (
            "计时总天数是从起点到开工的最长路径，路径长度为审批事项的承诺工作日；"
            "企业和中介的工作计 0。历时把所有人的工作都计入。竣工验收在开工之后，另行合计。"
        ),
        (
            "The counted total is the longest path from the start to construction start, as "
            "long as its items’ promised working days; applicants’ and intermediaries’ work "
            "counts 0. The elapsed total counts everybody’s work. Acceptance follows "
            "construction start and is totalled apart."
        ),
    ),
    "method_operations": (
        (
            "每项操作作用于前一项操作之后的网络，基础流程不变。事项被合并、取消或并联时，等待它的事项"
            "改为等待它原来等待的事项，前置不会悄然消失。"
        ),
        (
            "Each operation changes the network that the one before it left; the base stays "
            "as it is. Whoever waited for an item that is merged, dropped or parallelised "
            "waits for what that item waited for, so that no precondition vanishes unseen."
        ),
    ),
    "method_order": (
        (
            "某项操作减少的天数取决于它之前的操作，换一个顺序，逐项数字会变。不在关键路径上的操作减少"
            " 0 天，但仍可能减轻申请人负担。"
        ),
        (
            "What an operation saves depends on those before it: in another order the single "
            "figures differ. Off the critical path an operation saves 0 days and may still "
            "spare applicants work."
        ),
    ),
    "method_optimum": (
        "最优组合由逐一比较全部组合得出，是精确结果，不是估计；不合法的组合不参加比较。",
        (
            "The cheapest set comes of comparing every set there is: it is exact, no "
            "estimate. Unlawful sets are left out."
        ),
    ),
    "method_promises": (
        "这里的天数是承诺，不是预测：补正、听证、公示和排队的时间不在其中，实际办结时间应以仿真和运行数据为准。",
        (
            "These days are promises, no forecast: supplements, hearings, publicity and "
            "queues are not in them. What will really happen is for simulation and running "
            "projects to tell."
        ),
    ),
    "method_base": (
        "事项、天数和先后关系取自基础流程；其中哪些是公布的、哪些是重构的，见该流程的说明。",
        (
            "Items, days and what waits for what are those of the base procedure; its own "
            "description says which are published and which are reconstructed."
        ),
    ),
    "method_costs": (
        "成本是本系统设定的分值（人力与系统投入加法律难度），不是官方数字，应由熟悉本市情况的人核定。",
        (
            "Costs are points of our own, effort and legal difficulty added up. They are no "
            "official figures: whoever knows the city should set them."
        ),
    ),
    # -- milestones ------------------------------------------------------------------------------
    "START": ("起点", "the start"),
    "OPEN": ("开工", "construction start"),
}
