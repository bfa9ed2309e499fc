"""One example of every command's body, for the OpenAPI document. People and places are made up.

What the path names already is left out, as senders leave it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TASK_FORCE = "tf-0198a3f25c007a108000000000000001"
_FINDING = "finding-0198a3f25c007a108000000000000002"
_WARNING = "warning-0198a3f25c007a108000000000000003"
_TASK = "task-0198a3f25c007a108000000000000004"
_CONTACT, _HEAD = "person-330825-0001", "person-330825-0002"
_OFFICER = "person-330825-0003"
_PHOTO = {
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "media": "image/jpeg",
    "size": 183_412,
}
_GRID_HEADS = {"role": "grid_head", "tier": "village"}
_CHECK = {
    "text": "巡查本村地质灾害点，发现险情立即上报。",
    "to": [_GRID_HEADS],
    "steps": ["accept", "report"],
    "accept_within": 1_800,
    "report_within": 14_400,
    "form": [{"key": "moved", "label": "转移人数", "kind": "number", "unit": "人"}],
}

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "task_force.start": {
        "plan": "plan-typhoon",
        "division": "330825",
        "level": "III",
        "warning": _WARNING,
    },
    "task_force.start_ad_hoc": {
        "title": "希塘村道路抢通",
        "division": "330825101",
        "place": "希塘村主干道",
        "level": "IV",
        "orders": [{"text": "清理倒伏树木，两小时内恢复通行。", "to": [_GRID_HEADS]}],
        "finding": _FINDING,
    },
    "order.issue": {"order": _CHECK},
    "order.amend": {
        "reason": "村小学漏雨，住不下人。",
        "text": "改到镇中学安置。",
        "report_within": 7_200,
    },
    "order.withdraw": {"reason": "险情已经解除。"},
    "task_force.pull_in": {"person": _OFFICER, "sees": "all"},
    "task_force.hand_over": {"to": _OFFICER, "note": "夜间由值班领导指挥。"},
    "task_force.name_lead": {"department": "water"},
    "task_force.change_level": {"level": "II", "reason": "雨势增大，水位超过警戒线。"},
    "task_force.stand_down": {"reason": "台风已过境，各村恢复正常。"},
    "task_force.close": {"outcome": "道路已抢通，无人员伤亡。", "withdraw_open": False},
    "task_force.cancel": {"reason": "误发，与上午的专班重复。"},
    "task_force.reopen": {"reason": "又发现两处塌方。"},
    "task_force.archive": {},
    "task_force.evaluate": {"score": 5, "text": "响应及时，记录完整。"},
    "task_force.rate": {"satisfied": True, "text": "当天就通了路。"},
    "entry.make": {"text": "第一批三十一人已到镇中学。"},
    "entry.strike": {"reason": "经核实是误传。"},
    "task_force.correct": {
        "version": 3,
        "reason": "点名时漏数一人。",
        "text": "第一批三十二人已到镇中学。",
    },
    "message.send": {
        "text": "请派两个人守住桥头。",
        "to": "department-enforcement",
        "question": True,
        "photos": [_PHOTO],
    },
    "task.deliver": {},
    "task.read": {},
    "task.accept": {},
    "task.decline": {"reason": "人在外地，今天赶不回来。"},
    "task.go_en_route": {},
    "task.reach_scene": {},
    "task.visit": {"household": "H001", "done": "劝其转移，下午出发。", "satisfied": True},
    "task.report": {
        "text": "三户已全部转移，道路畅通。",
        "filled": {"numbers": {"moved": 31}, "texts": {"left": "缺被子二十床。"}},
        "photos": [_PHOTO],
    },
    "task.pass_on": {"people": [_CONTACT, _HEAD], "text": "请逐户走访本组农户。"},
    "task.verify": {"text": "现场已核实。"},
    "task.send_back": {"reason": "照片看不清，请补拍。"},
    "task.withdraw": {"reason": "已由消防队处理。"},
    "task.suspend": {"reason": "山洪封路，暂时进不去。", "until": "2021-07-24T00:00:00Z"},
    "task.resume": {},
    "task.extend": {"report_by": "2021-07-24T04:00:00Z", "reason": "等待挖掘机到场。"},
    "task.remind": {"text": "请尽快回单。"},
    "task.supervise": {"text": "两小时内书面说明原因。"},
    "task.reassign": {"to": _HEAD, "reason": "原接单人手机没有信号。"},
    "task.reopen": {"reason": "淤泥没有清完。"},
    "task.rate": {"satisfied": True, "text": "来得很快。"},
    "task.evaluate": {"score": 4, "text": "回单及时，说明略简单。"},
    "task.correct": {"version": 4, "reason": "人数写错了。", "text": "共转移三十二人。"},
    "finding.report": {
        "text": "主干道上有两棵大树倒伏，车辆无法通行。",
        "division": "330825101264",
        "place": "村口往东两百米",
        "location": {"latitude": 29.03, "longitude": 119.18, "accuracy": 12.0},
        "photos": [_PHOTO],
        "task": _TASK,
    },
    "finding.add": {"text": "又倒了一棵，压住了电线。"},
    "finding.correct": {"version": 1, "reason": "位置写错了。", "text": "村口往西两百米。"},
    "finding.pass_up": {"reason": "村里没有吊车。", "wants_task_force": True},
    "finding.route": {"desk": "department-power", "reason": "电线断落，属供电部门职责。"},
    "finding.return": {"reason": "属村内事务，请就地处置。"},
    "finding.deal_with": {"text": "已组织村民清理完毕。"},
    "finding.order": {
        "task_force": _TASK_FORCE,
        "order": {"text": "调吊车清障。", "people": [_OFFICER]},
    },
    "warning.tell": {
        "event": "台风",
        "level": "orange",
        "divisions": ["330825"],
        "told_by": "市气象台值班室电话",
        "headline": "今晚至明天有大到暴雨。",
        "expires": "2021-07-24T12:00:00Z",
    },
    "warning.raise": {
        "event": "欠薪",
        "level": "yellow",
        "headline": "某工地连续两月用电量骤降。",
        "divisions": ["330825101"],
        "description": "用电、工资、纳税数据比对异常。",
    },
    "warning.update": {"level": "red", "headline": "升级为台风红色预警。"},
    "warning.lift": {"reason": "台风已远离。"},
    "warning.place": {"divisions": ["330825101", "330825102"]},
    "warning.decline_proposal": {
        "plan": "plan-typhoon",
        "division": "330825",
        "reason": "已有同类专班在运行。",
    },
    "warning.correct": {"version": 1, "reason": "听错了级别。", "text": "应为黄色预警。"},
    "plan.adopt": {
        "plan": "typhoon",
        "title": "防台风应急预案",
        "division": "330825",
        "level": "III",
        "lead": "water",
        "responding": ["emergency"],
        "triggers": [{"event": "台风", "at_least": "orange"}],
        "orders": [
            {
                "key": "patrol",
                "text": "巡查地质灾害点。",
                "to": [_GRID_HEADS],
                "report_within": 14_400,
            }
        ],
    },
    "plan.retire": {"reason": "由新的总体预案代替。"},
    "roster.set": {
        "division": "330825",
        "role": "duty_officer",
        "shifts": [
            {
                "person": _OFFICER,
                "begins": "2021-07-23T00:00:00Z",
                "ends": "2021-07-23T12:00:00Z",
            }
        ],
    },
    "duty.hand_over": {
        "division": "330825",
        "role": "duty_officer",
        "to": _OFFICER,
        "note": "两个专班在运行，详见记事。",
    },
    "posture.switch": {"division": "330825", "posture": "wartime", "reason": "台风红色预警。"},
    "group.form": {
        "group": "rescue",
        "name": "应急小分队",
        "division": "330825101",
        "members": [_HEAD, _CONTACT],
    },
    "group.dissolve": {"reason": "人员已归队。"},
    "person.erase": {"reason": "离职，本人申请。"},
    "department.dissolve": {"reason": "机构改革，职能并入应急管理局。"},
}
"""By the command's name."""
