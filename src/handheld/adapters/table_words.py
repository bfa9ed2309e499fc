"""The words that tables use, in Chinese and English: headers, kinds of divisions, roles, yes and no."""

from __future__ import annotations

from collections.abc import Mapping

from handheld_events.division import DivisionKind

DIVISION_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "区划代码", "区划编码", "统计用区划代码", "编码", "代码"),
    "name": ("name", "名称", "区划名称"),
    "kind": ("kind", "类别", "类型"),
    "synthetic": ("synthetic", "虚拟", "虚构"),
}
"""Columns of a table of divisions by key, and what their headers may say."""

DEPARTMENT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "key": ("key", "编码", "代码", "部门编码", "部门代码"),
    "name": ("name", "名称", "部门名称"),
    "division": ("division", "区划代码", "区划编码", "区划"),
    "synthetic": ("synthetic", "虚拟", "虚构"),
}
"""Columns of a table of departments by key, and what their headers may say."""

PEOPLE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("number", "工号", "编号", "人员编号"),
    "name": ("name", "姓名"),
    "phone": ("phone", "电话", "手机", "手机号", "手机号码", "联系电话"),
    "role": ("role", "岗位", "角色"),
    "division": ("division", "区划代码", "区划编码", "区划"),
    "department": ("department", "部门", "部门编码", "部门代码"),
    "households": ("households", "联户", "联系户", "户号"),
    "synthetic": ("synthetic", "虚拟", "虚构"),
}
"""Columns of a table of people by key, and what their headers may say."""

FINDING_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "record": ("record", "记录编号", "记录号", "编号"),
    "occurred_at": ("occurred_at", "发生时间", "时间"),
    "division": ("division", "区划代码", "区划编码", "区划"),
    "text": ("text", "内容", "情况"),
    "place": ("place", "地点", "位置"),
}
"""Columns of a table of findings by key, and what their headers may say."""

KINDS: Mapping[str, DivisionKind] = {
    "villagers_committee": "villagers_committee",
    "村民委员会": "villagers_committee",
    "村委会": "villagers_committee",
    "村委": "villagers_committee",
    "villagers' committee": "villagers_committee",
    "villagers committee": "villagers_committee",
    "residents_committee": "residents_committee",
    "居民委员会": "residents_committee",
    "居委会": "residents_committee",
    "居委": "residents_committee",
    "社区": "residents_committee",
    "社区居委会": "residents_committee",
    "居委会(社区)": "residents_committee",
    "residents' committee": "residents_committee",
    "residents committee": "residents_committee",
    "community": "residents_committee",
    "other": "other",
    "其他": "other",
    "其它": "other",
}

ROLE_NAMES: Mapping[str, str] = {
    "指挥长": "district_commander",
    "区指挥长": "district_commander",
    "县指挥长": "district_commander",
    "值班员": "duty_officer",
    "乡镇指挥长": "township_commander",
    "乡镇干部": "township_official",
    "联村团长": "village_team_leader",
    "村干部": "village_official",
    "网格长": "grid_head",
    "专职网格员": "grid_worker",
    "联户党员": "household_contact",
    "部门负责人": "department_head",
    "部门干部": "department_officer",
    "执法队员": "enforcement_officer",
}
"""Roles by their Chinese names; a table may also give the key."""

YES_NO: Mapping[str, bool] = {
    "": False,
    "0": False,
    "no": False,
    "false": False,
    "否": False,
    "1": True,
    "yes": True,
    "true": True,
    "是": True,
}
