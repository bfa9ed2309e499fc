"""The orders of the workshop story, and what their forms ask."""

from __future__ import annotations

from hashlib import sha256

import msgspec
from msgspec.structs import replace

from handheld import data
from handheld.demo.workshop_cast import ENFORCEMENT, PLANNING, Cast
from handheld.domain.ordering import Order
from handheld.domain.starting import StartAdHoc
from handheld_events.forms import FormField, Photo
from handheld_events.orders import ALL_STEPS, Reminding, Target

HOUR = 3600
DEMOLISHED, BUILT, HOUSEHOLDS = "demolished", "built", "households"
"""The numbers that reports tell, summed up the tiers."""

PHOTO = FormField(key="photo", label="现场照片", kind="photo")
REMIND = Reminding(after=1200, every=1200, most=2)

DEMOLISH = Order(
    text="请牵头依法拆除双桥村村口未经审批搭建的豆腐作坊：今天备好人员和机械，明早十点拆除，"
    "拆前再查一遍有没有住人、液化气瓶和用电，拆后清场，量清面积，拍照回报。",
    to=(Target(department=ENFORCEMENT),),
    steps=ALL_STEPS,
    accept_within=HOUR // 2,
    report_within=22 * HOUR,
    form=(
        FormField(key=DEMOLISHED, label="拆除面积", kind="number", unit="平方米", most=10_000),
        FormField(key="way", label="办法", kind="choice", choices=("自行拆除", "依法拆除")),
        PHOTO,
    ),
    remind_accept=REMIND,
)
SURVEY = Order(
    text="请今天下班前到双桥村村口核实豆腐作坊的用地性质、权属和建筑面积，出书面认定意见。",
    to=(Target(department=PLANNING),),
    steps=("accept", "report", "verify"),
    accept_within=HOUR // 2,
    report_within=5 * HOUR,
    form=(
        FormField(key=BUILT, label="违建面积", kind="number", unit="平方米", most=10_000),
        FormField(
            key="land", label="用地性质", kind="choice", choices=("国有", "集体农用地", "其他")
        ),
    ),
    remind_accept=REMIND,
)
WATCH = Order(
    text="今晚轮流在双桥村村口盯守，防止抢建和转移设备；有情况马上回报。",
    to=(Target(department=ENFORCEMENT, role="enforcement_officer"),),
    steps=("accept", "on_scene", "report", "verify"),
    accept_within=HOUR // 2,
    report_within=18 * HOUR,
)
AMENDED = (
    "请牵头依法拆除双桥村村口未经审批搭建的豆腐作坊：拆除时间由明早十点提前到七点，"
    "赶在村口早市散前、大雨来前拆完；其余要求不变。"
)


def start(people: Cast, finding: str) -> StartAdHoc:
    """The start that the duty officer makes of the finding: units, and people picked from the tree.

    The example that comes with the program calls the cadres of every village of the township; here
    those of the one village are named.
    """
    shipped = msgspec.json.decode(data.start("illegal-building").read_bytes(), type=StartAdHoc)
    township, grid = shipped.orders
    leaders = tuple(t for t in township.to if t.role in ("township_commander", "township_official"))
    return replace(
        shipped,
        place="双桥乡双桥村村口，一处未经审批搭建的豆腐作坊",
        lead=ENFORCEMENT,
        finding=finding,
        orders=(
            DEMOLISH,
            SURVEY,
            replace(township, to=leaders, people=(people.village_official, people.team_leader)),
            replace(grid, to=(), people=(people.grid_head, people.grid_worker)),
        ),
    )


def households(people: Cast) -> Order:
    """The household contact visits the family of the workshop and the one next door."""
    return Order(
        text="请上门走访作坊当事人一户和隔壁一户：讲清政策，问清困难，听听意见，逐户登记。",
        people=(people.contact,),
        steps=("accept", "report"),
        accept_within=HOUR,
        report_within=20 * HOUR,
        form=(
            FormField(key=HOUSEHOLDS, label="走访户数", kind="number", unit="户", most=100),
            FormField(key="visits", label="走访登记", kind="visits"),
        ),
    )


def photo(number: int) -> Photo:
    """A photo of the story: known by the hash of bytes that stand for one."""
    return Photo(sha256=sha256(f"handheld workshop photo {number}".encode()).hexdigest())
