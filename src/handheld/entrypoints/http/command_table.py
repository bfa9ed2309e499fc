"""The table: every command that people may send, and its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from handheld.domain import (
    directing,
    ending,
    finding_commands,
    joining,
    ordering,
    passing_on,
    plan,
    reassigning,
    register,
    register_departments,
    register_duty,
    register_groups,
    register_posture,
    starting,
    task_commands,
    task_force,
    warning_commands,
    waves,
)
from handheld.domain.base import BaseCommand
from handheld_events.ids import department_stream, division_stream, group_stream, plan_stream


class Path(NamedTuple):
    """Where a command is sent to; what stands in braces are fields of it."""

    path: str
    command: type[BaseCommand]
    summary: str
    edits: Callable[[Any], str] | None = None
    """Of what two may edit at once: the stream whose version the editor must have seen."""


def _task_force(command: Any) -> str:
    return str(command.task_force)


def _warning(command: Any) -> str:
    return str(command.warning)


def _plan(command: Any) -> str:
    return plan_stream(command.plan)


def _post(command: Any) -> str:
    department: str | None = command.department
    return (
        division_stream(command.division) if department is None else department_stream(department)
    )


def _division(command: Any) -> str:
    return division_stream(command.division)


def _group(command: Any) -> str:
    return group_stream(command.group)


TASK, FORCE, FINDING, WARNING = (
    "/tasks/{task}",
    "/task-forces/{task_force}",
    "/findings/{finding}",
    "/warnings/{warning}",
)

PATHS: tuple[Path, ...] = (
    Path("/task-forces/from-plan", starting.StartFromPlan, "Start a task force from a plan 发起"),
    Path("/task-forces", starting.StartAdHoc, "Start a task force without a plan 发起"),
    Path(f"{FORCE}/orders", ordering.IssueOrder, "Issue an order 下指令"),
    Path(
        f"{FORCE}/orders/{{order}}/amend",
        directing.AmendOrder,
        "Amend an order 变更指令",
        _task_force,
    ),
    Path(f"{FORCE}/orders/{{order}}/withdraw", directing.WithdrawOrder, "Withdraw an order 撤回"),
    Path(f"{FORCE}/members", joining.PullIn, "Pull somebody in 拉入"),
    Path(f"{FORCE}/hand-over", directing.HandOver, "Hand over command 移交指挥"),
    Path(f"{FORCE}/lead", directing.NameLead, "Name the lead department 牵头部门"),
    Path(f"{FORCE}/level", waves.ChangeLevel, "Raise or lower the response level 响应等级"),
    Path(f"{FORCE}/stand-down", ending.StandDown, "Stand down 终止响应"),
    Path(f"{FORCE}/close", ending.CloseTaskForce, "Close 办结"),
    Path(f"{FORCE}/cancel", ending.CancelTaskForce, "Cancel a start by mistake 撤销"),
    Path(f"{FORCE}/reopen", task_force.ReopenTaskForce, "Reopen 重开"),
    Path(f"{FORCE}/archive", task_force.ArchiveTaskForce, "Archive 归档"),
    Path(f"{FORCE}/evaluation", task_force.EvaluateTaskForce, "Evaluate 评单"),
    Path(f"{FORCE}/rating", task_force.RateTaskForce, "Rate 评价"),
    Path(f"{FORCE}/entries", task_force.MakeEntry, "Make an entry 记事"),
    Path(f"{FORCE}/entries/{{entry}}/strike", task_force.StrikeEntry, "Strike an entry 作废"),
    Path(f"{FORCE}/corrections", task_force.CorrectTaskForce, "Correct a fact 更正"),
    Path(f"{FORCE}/messages", task_force.SendMessage, "Send a message 消息"),
    Path(f"{TASK}/deliver", task_commands.Deliver, "Stored on the device 送达"),
    Path(f"{TASK}/read", task_commands.Read, "Opened 已读"),
    Path(f"{TASK}/accept", task_commands.Accept, "Accept or claim 领办"),
    Path(f"{TASK}/decline", task_commands.Decline, "Decline 退单"),
    Path(f"{TASK}/en-route", task_commands.GoEnRoute, "Set out 出发"),
    Path(f"{TASK}/on-scene", task_commands.ReachScene, "Arrive 到场"),
    Path(f"{TASK}/visits", task_commands.Visit, "Visit a household 走访"),
    Path(f"{TASK}/report", task_commands.Report, "Report 回单"),
    Path(f"{TASK}/pass-on", passing_on.PassOn, "Pass on 转办"),
    Path(f"{TASK}/verify", task_commands.Verify, "Verify 核查通过"),
    Path(f"{TASK}/send-back", task_commands.SendBack, "Send back 退回重办"),
    Path(f"{TASK}/withdraw", task_commands.Withdraw, "Withdraw 撤回"),
    Path(f"{TASK}/suspend", task_commands.Suspend, "Suspend 挂起"),
    Path(f"{TASK}/resume", task_commands.Resume, "Resume 恢复"),
    Path(f"{TASK}/extend", task_commands.Extend, "Extend 延期"),
    Path(f"{TASK}/remind", task_commands.Remind, "Remind 催办"),
    Path(f"{TASK}/supervise", task_commands.Supervise, "Supervise 督办"),
    Path(f"{TASK}/reassign", reassigning.Reassign, "Reassign 转派"),
    Path(f"{TASK}/reopen", task_commands.Reopen, "Reopen 重开"),
    Path(f"{TASK}/rating", task_commands.Rate, "Rate 评价"),
    Path(f"{TASK}/evaluation", task_commands.Evaluate, "Evaluate 评单"),
    Path(f"{TASK}/corrections", task_commands.CorrectTask, "Correct a fact 更正"),
    Path("/findings", finding_commands.ReportFinding, "Report a finding 上报"),
    Path(f"{FINDING}/additions", finding_commands.AddToFinding, "Add to a finding 补充"),
    Path(f"{FINDING}/corrections", finding_commands.CorrectFinding, "Correct a finding 更正"),
    Path(f"{FINDING}/pass-up", finding_commands.PassUp, "Pass up 提级"),
    Path(f"{FINDING}/route", finding_commands.Route, "Route to a department 分流"),
    Path(f"{FINDING}/return", finding_commands.Return, "Return with a reason 退回"),
    Path(f"{FINDING}/deal-with", finding_commands.DealWith, "Dealt with on the spot 就地处置"),
    Path(f"{FINDING}/order", finding_commands.OrderOnFinding, "Give an order on a finding 下指令"),
    Path("/warnings/telephoned", warning_commands.TellWarning, "Type in a telephoned warning 预警"),
    Path("/warnings", warning_commands.RaiseWarning, "Raise a warning 预警"),
    Path(
        f"{WARNING}/update", warning_commands.UpdateWarning, "Update a warning 更新预警", _warning
    ),
    Path(f"{WARNING}/lift", warning_commands.LiftWarning, "Lift a warning 解除预警"),
    Path(
        f"{WARNING}/place",
        warning_commands.PlaceWarning,
        "Say which divisions it is for 落区",
        _warning,
    ),
    Path(
        f"{WARNING}/decline-proposal",
        warning_commands.DeclineProposal,
        "Decline a proposed start 不启动",
    ),
    Path(f"{WARNING}/corrections", warning_commands.CorrectWarning, "Correct a warning 更正"),
    Path("/plans", plan.AdoptPlan, "Adopt a plan, or a new version of one 预案", _plan),
    Path("/plans/{plan}/retire", plan.RetirePlan, "Retire a plan 停用预案"),
    Path("/duty/roster", register_duty.SetRoster, "Set a duty roster 值班表", _post),
    Path("/duty/hand-over", register_duty.HandOverDuty, "Hand over duty 交接班"),
    Path("/posture", register_posture.SwitchPosture, "Switch posture 平战转换", _division),
    Path("/groups", register_groups.FormGroup, "Form a group 编组", _group),
    Path("/groups/{group}/dissolve", register_groups.DissolveGroup, "Dissolve a group 解散编组"),
    Path("/people/{person}/erase", register.ErasePerson, "Erase a person 删除个人信息"),
    Path(
        "/departments/{department}/dissolve",
        register_departments.DissolveDepartment,
        "Dissolve a department 撤销部门",
    ),
)
