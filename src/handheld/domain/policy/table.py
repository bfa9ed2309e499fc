"""The table: for every command, the relations any of which is enough."""

from __future__ import annotations

from collections.abc import Mapping

from handheld.domain import (
    calling_again,
    directing,
    ending,
    finding_commands,
    joining,
    notice_commands,
    ordering,
    passing_on,
    plan,
    reassigning,
    register,
    register_departments,
    register_duty,
    register_groups,
    register_outlines,
    register_posture,
    starting,
    task_commands,
    task_force,
    time_rules,
    warning_commands,
    waves,
)
from handheld.domain.base import BaseCommand
from handheld.domain.policy.relations import STEERS, Relation

_DOES: tuple[Relation, ...] = ("assignee", "unit", "helper")
_STEERS_OR_HAS: tuple[Relation, ...] = ("assignee", "unit", *STEERS)
_ORDERS: tuple[Relation, ...] = ("directs", "official_there")
_CHANGES: tuple[Relation, ...] = ("directs", "giver", "finding_official")
_DIRECTS: tuple[Relation, ...] = ("directs",)
_BY_ITSELF: tuple[Relation, ...] = ("process",)
_ROOM: tuple[Relation, ...] = ("command_room",)
_DESK: tuple[Relation, ...] = ("desk",)

TABLE: Mapping[type[BaseCommand], tuple[Relation, ...]] = {
    # one task, by whoever has it
    task_commands.Deliver: ("assignee",),
    task_commands.Read: ("assignee",),
    task_commands.Accept: _DOES,
    task_commands.Decline: _DOES,
    task_commands.GoEnRoute: _DOES,
    task_commands.ReachScene: _DOES,
    task_commands.Visit: _DOES,
    task_commands.Report: _DOES,
    passing_on.PassOn: _DOES,
    # one task, by those who answer for it
    task_commands.Verify: STEERS,
    task_commands.SendBack: STEERS,
    task_commands.Withdraw: STEERS,
    task_commands.Suspend: STEERS,
    task_commands.Extend: STEERS,
    task_commands.Remind: STEERS,
    task_commands.Supervise: STEERS,
    reassigning.Reassign: STEERS,
    task_commands.Resume: _STEERS_OR_HAS,
    task_commands.Reopen: _STEERS_OR_HAS,
    task_commands.CorrectTask: _STEERS_OR_HAS,
    task_commands.Rate: (*STEERS, "reporter"),
    # 条抓块统: whoever dispatches scores, and a department only sees its people who are stationed
    task_commands.Evaluate: ("directs", "giver", "official_above"),
    # a task force
    starting.StartFromPlan: ("command_room",),
    starting.StartAdHoc: ("command_room",),
    ordering.IssueOrder: _ORDERS,
    joining.PullIn: _ORDERS,
    directing.AmendOrder: _CHANGES,
    directing.WithdrawOrder: _CHANGES,
    directing.HandOver: ("commander", "command_room"),
    directing.NameLead: _DIRECTS,
    waves.ChangeLevel: _DIRECTS,
    ending.StandDown: _DIRECTS,
    ending.CloseTaskForce: _DIRECTS,
    ending.CancelTaskForce: _DIRECTS,
    task_force.ReopenTaskForce: _DIRECTS,
    task_force.ArchiveTaskForce: _DIRECTS,
    task_force.EvaluateTaskForce: _DIRECTS,
    task_force.MakeEntry: (*_ORDERS, "member"),
    task_force.StrikeEntry: _ORDERS,
    task_force.CorrectTaskForce: _ORDERS,
    task_force.SendMessage: ("directs", "asked", "member"),
    task_force.RateTaskForce: ("reporter", *_ORDERS, "member"),
    # what falls due by itself
    directing.ReleaseRest: _BY_ITSELF,
    calling_again.CallAgain: _BY_ITSELF,
    directing.TellUnfilled: _BY_ITSELF,
    waves.CallForeseen: _BY_ITSELF,
    time_rules.MarkOverdue: _BY_ITSELF,
    time_rules.RemindAll: _BY_ITSELF,
    time_rules.EscalateAll: _BY_ITSELF,
    time_rules.ResumeDue: _BY_ITSELF,
    notice_commands.BeginNotices: _BY_ITSELF,
    notice_commands.NoteNotices: _BY_ITSELF,
    notice_commands.NoteAnswers: _BY_ITSELF,
    # findings
    finding_commands.ReportFinding: ("finder",),
    finding_commands.AddToFinding: ("for_reporter",),
    finding_commands.CorrectFinding: ("for_reporter", "desk"),
    finding_commands.PassUp: _DESK,
    finding_commands.Route: _DESK,
    finding_commands.Return: _DESK,
    finding_commands.DealWith: _DESK,
    finding_commands.OrderOnFinding: _DESK,
    finding_commands.SettleFinding: _DESK,
    # the register, and plans
    register_duty.SetRoster: ("roster", "above_post"),
    register_duty.HandOverDuty: ("on_duty", "above_post"),
    register_duty.TakeDuty: ("whose_turn",),
    register_posture.SwitchPosture: _ROOM,
    register_groups.FormGroup: _ROOM,
    register_groups.DissolveGroup: _ROOM,
    register.ErasePerson: _ROOM,
    register.ImportDivisions: _BY_ITSELF,
    register.ImportPeople: _BY_ITSELF,
    register_departments.ImportDepartments: _BY_ITSELF,
    register_outlines.OutlineDivisions: _BY_ITSELF,
    register_departments.DissolveDepartment: _ROOM,
    plan.AdoptPlan: _ROOM,
    plan.RetirePlan: _ROOM,
    # warnings
    warning_commands.ReceiveCap: _BY_ITSELF,
    warning_commands.TellWarning: _ROOM,
    warning_commands.RaiseWarning: _ROOM,
    warning_commands.UpdateWarning: _ROOM,
    warning_commands.LiftWarning: _ROOM,
    warning_commands.PlaceWarning: _ROOM,
    warning_commands.ExpireWarning: _BY_ITSELF,
    warning_commands.ProposeStart: _BY_ITSELF,
    warning_commands.DeclineProposal: _ROOM,
    warning_commands.CorrectWarning: _ROOM,
}
