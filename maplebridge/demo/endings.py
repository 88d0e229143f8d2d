"""How invented matters end, for which of them each end makes sense, and what is said then."""

from maplebridge.org.models import Category

# name, how often of a hundred or so; where an end does not fit the matter it ends plainly.
ENDINGS = (
    ("plain", 42), ("on_spot", 12), ("declined", 2), ("referred", 2), ("withdrawn", 2),
    ("returned", 8), ("ruled", 3), ("extended", 11), ("suspended", 5), ("rework", 11),
    ("reopened", 2), ("corrected", 1), ("stuck", 1),
)  # fmt: skip
# What stands open on the last morning, so that whoever decides finds something to decide.
UNDECIDED = ("asks_for_time", "returned_twice", "asks_to_wait", "asks_for_time", "returned_twice")
RETURNED = ("returned", "ruled", "returned_twice")
# Work that weather and water hold up.
BUILDING = {"C02", "C03", "D01", "D02", "D03", "E02", "E03", "F01"}
TO_TIDY = {"B01", "E01", "E02", "E03", "E04", "F02"}


# Whom the ruling names, with whom it is pushed back and forth before, and why.
CONTESTED = {
    "B02": ("emergency", "police", "出租楼里的电动车充电由应急消防管理站牵头，派出所配合检查。"),
    "D01": ("construction", "government", "村道的路面和护栏由村镇建设中心牵头维修。"),
    "D02": ("construction", "utility", "村道上的井盖由村镇建设中心先补装，再查权属单位。"),
    "D03": ("utility", "construction", "路灯维护由供电供水服务所牵头，不论谁出资安装。"),
    "E02": ("enforcement", "sanitation", "建筑垃圾由综合行政执法队牵头查处，环境卫生所配合清运。"),
    "E03": ("forestry", "construction", "污水入溪的由农林水利中心牵头，村镇建设中心配合疏通。"),
    "E04": ("enforcement", "forestry", "露天焚烧由综合行政执法队牵头，农林水利中心指导还田。"),
    "F02": ("enforcement", "police", "乱停乱摆由综合行政执法队牵头，派出所配合清道。"),
}
# These nobody has ruled on yet.
OPEN = {"B02", "E02", "E03"}
BACK = {"reason_code": "not_ours", "reason": "按职责清单不属于本单位。", "basis": "事项准入清单"}
DECLINED = {
    "in_court": {
        "decline_code": "in_court", "reason": "已在法院审理中，不能重复受理。",
        "instead": "审理该案的法院",
    },
    "unclear": {
        "decline_code": "unclear", "reason": "现场没有找到所说的情况，也联系不上本人。",
        "instead": "镇综合信息指挥室，请补充位置或照片",
    },
}  # fmt: skip
REWORK = "现场还没有清理干净，请再处理。"
SUSPENDED = "需要等枯水期施工，暂时挂起。"
MORE_TIME = "连续下雨，无法施工，申请延期。"
# By the catalogue's group: what was done, and what the reporter reads.
_RESULTS = {
    "A": (("已当面听取双方意见，约定了今后怎么办。",), ("双方已经谈好，谢谢您的信任。",)),
    "B": (("已到现场，隐患当场整改，复查合格。", "已发整改通知，三天后复查无问题。"),
          ("您反映的隐患已经消除，感谢您的提醒。",)),
    "C": (("已设警示标志并加固，经复查可以通行。", "已请专业人员鉴定，险情排除。"),
          ("危险已经排除，请放心；再有情况请马上打电话。",)),
    "D": (("已修复，现场复查无问题。", "已更换损坏的部件，恢复使用。"),
          ("已经修好，给您带来不便请谅解。",)),
    "E": (("已清理干净，现场拍照复查。", "已安排人员当天清运，以后每天巡查。"),
          ("现场已经清理干净，感谢您的提醒。",)),
    "F": (("已劝导并整改到位，现场复查无问题。",), ("现场已经整改，我们会继续巡查。",)),
    "G": (("已到店检查，问题商品下架，并作了处理。",), ("已经查处，感谢您的监督。",)),
    "H": (("已上门办好，材料交给本人。", "已联系相关单位，当天恢复正常。"),
          ("已经为您办好，如有问题请再告诉我们。",)),
    "I": (("已电话答复，来电人表示清楚。",), ("已经答复您，欢迎再来咨询。",)),
}  # fmt: skip
_OTHER = (("已到现场处理完毕，上报人确认。",), ("您反映的问题已经处理好，感谢您的提醒。",))


def fits(ending: str, category: Category) -> bool:
    """True when such a matter may end like that without anybody wondering."""
    if ending == "on_spot":
        return category.on_spot
    if ending == "withdrawn":
        return not category.safety
    if ending in RETURNED:
        known = {"ruled": CONTESTED.keys() - OPEN, "returned_twice": OPEN}
        return category.code in known.get(ending, CONTESTED)
    if ending in {"extended", "suspended", "asks_for_time", "asks_to_wait"}:
        return category.code in BUILDING
    return ending != "rework" or category.code in TO_TIDY


def results(group: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What may have been done in a matter of this group of the catalogue, and the answers to it."""
    return _RESULTS.get(group, _OTHER)
