"""Steps of those who watch: supervising, upgrading, deciding a dispute, ending what can't be served, putting right."""

from __future__ import annotations

from bihuan.kernel.fact import Choice, Fact, FactKind
from bihuan.kernel.step import EXECUTION, INTAKE, SAME, SUPERVISION, Step
from bihuan.kernel.words import Words
from bihuan.loops import facts


def supervise(*, leaves: tuple[str, ...]) -> Step:
    """Supervision puts a case under its own eyes (督办); some cases get there by themselves (domain.md 3.10)."""
    return Step(
        "supervise",
        Words(zh="督办", en="Supervise"),
        leaves=leaves,
        reaches=SAME,
        side=SUPERVISION,
        by="case.supervise",
        needs=(
            facts.reason(
                Choice("overdue", Words(zh="超时限", en="overdue")),
                Choice("severity", Words(zh="特殊、重大投诉", en="special or major")),
                Choice("repeated", Words(zh="同一事项三次及以上来电", en="same matter three times")),
                Choice("dissatisfied", Words(zh="两次回访不满意", en="dissatisfied twice")),
                Choice("origin", Words(zh="监管、政府或媒体转办", en="regulator, government or media")),
                Choice("urged", Words(zh="多次催办", en="urged again and again")),
            ),
        ),
        may=(facts.REMARK,),
        marks=("supervised",),
        counts="supervisions",
    )


def upgrade(*, leaves: tuple[str, ...]) -> Step:
    """The severity was graded wrong or has changed (升级)."""
    return Step(
        "upgrade",
        Words(zh="调整等级", en="Change severity"),
        leaves=leaves,
        reaches=SAME,
        side=INTAKE,
        by="case.upgrade",
        needs=(
            facts.SEVERITY,
            facts.reason(
                Choice("media", Words(zh="媒体关注", en="media")),
                Choice("authority", Words(zh="政府、监管督办", en="authority")),
                Choice("collective", Words(zh="群体诉求", en="several customers")),
                Choice("injury", Words(zh="人身伤害或重大损失", en="injury or great loss")),
                Choice("graded_wrong", Words(zh="原等级有误", en="graded wrong before")),
            ),
        ),
        may=(facts.REMARK,),
    )


def appeal(*, leaves: tuple[str, ...]) -> Step:
    """The unit disagrees with the centre about responsibility or class (申诉); a panel decides."""
    return Step(
        "appeal",
        Words(zh="申诉", en="Appeal"),
        leaves=leaves,
        reaches=SAME,
        side=EXECUTION,
        by="case.appeal",
        needs=(
            facts.reason(
                Choice("not_responsible", Words(zh="非供电企业责任", en="not our responsibility")),
                Choice("wrong_class", Words(zh="分类有误", en="wrong class")),
                Choice("not_true", Words(zh="反映不属实", en="not true")),
                Choice("breach_exempt", Words(zh="超时限应免责", en="the breach should be exempt")),
            ),
        ),
        may=(facts.REMARK,),
        marks=("appealed",),
        counts="appeals",
        at_most=1,
    )


def decide(*also: Fact, leaves: tuple[str, ...]) -> Step:
    """The panel's decision on a unit's appeal, with who is responsible and, where it changes, the class."""
    return Step(
        "decide",
        Words(zh="评审裁定", en="Panel's decision"),
        leaves=leaves,
        reaches=SAME,
        side=SUPERVISION,
        by="case.panel",
        needs=(RESPONSIBILITY,),
        may=(*also, facts.REMARK),
        marks=("decided",),
        after=("appeal", 1),
    )


RESPONSIBILITY = Fact(
    "responsibility",
    Words(zh="责任认定", en="Responsibility"),
    FactKind.choice,
    choices=(
        Choice("utility", Words(zh="供电企业责任", en="the utility's")),
        Choice("customer", Words(zh="客户责任", en="the customer's")),
        Choice("third_party", Words(zh="第三方责任", en="a third party's")),
        Choice("none", Words(zh="反映不属实", en="nobody's: not true")),
    ),
    column="responsibility",
)


def terminate(*, leaves: tuple[str, ...], reaches: str = "terminated") -> Step:
    """What is asked lies beyond law and rules after it was properly handled (服务终止, domain.md 3.5)."""
    return Step(
        "terminate",
        Words(zh="服务终止", en="Terminate"),
        leaves=leaves,
        reaches=reaches,
        side=SUPERVISION,
        by="case.terminate",
        needs=(
            facts.reason(
                Choice("beyond_law", Words(zh="诉求超出法律法规和政策", en="beyond law and policy")),
                Choice("in_court", Words(zh="已进入司法程序", en="before a court")),
                Choice("settled", Words(zh="已按协议了结", en="settled by agreement")),
            ),
        ),
        may=(facts.REMARK,),
        marks=("ended",),
        ending="terminated",
        ends=True,
        exempt=True,
    )


def correct(*, leaves: tuple[str, ...]) -> Step:
    """Supervision puts an earlier entry right; the wrong one stays and both are shown."""
    return Step(
        "correct",
        Words(zh="更正", en="Correct"),
        leaves=leaves,
        reaches=SAME,
        side=SUPERVISION,
        by="case.correct",
        needs=(
            Fact("seq", Words(zh="更正第几条", en="Entry to correct"), FactKind.number),
            facts.reason(
                Choice("mistyped", Words(zh="录入有误", en="mistyped")),
                Choice("evidence", Words(zh="依据证据（录音、定位、照片）", en="evidence says otherwise")),
                Choice("customer_says", Words(zh="经客户核实", en="checked with the customer")),
                Choice("wrong_area", Words(zh="区域或客户类别有误", en="area or class was wrong")),
            ),
        ),
        may=(
            Fact("new_at", Words(zh="更正后的时间", en="Corrected time"), FactKind.moment),
            facts.AREA,
            facts.CUSTOMER_CLASS,
            facts.SOLVED,
            facts.SATISFACTION,
            facts.RANG_ON_ARRIVAL,
            facts.CONTACTED_FIRST_DAY,
            facts.SEVERITY,
            facts.REMARK,
        ),
        corrects=True,
    )
