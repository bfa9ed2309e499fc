"""docs/receiving.md: its register is one, and its sender is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from handheld.adapters.nats_inbound import InboundSettings
from handheld.adapters.systems_file import read_systems
from handheld.bootstrap import Home
from tests.docs.pages import ROOT, blocks
from tests.support_inbound import receiving
from tests.support_nats import NatsServer

PAGE = (ROOT / "docs/receiving.md").read_text("utf-8")


async def test_the_register_and_the_sender_of_the_page_work(
    home: Home, server: NatsServer, tmp_path: Path
) -> None:
    register = tmp_path / "systems.toml"
    (block,) = blocks(PAGE, "toml")
    register.write_text(block.body, "utf-8")
    (sender,) = blocks(PAGE, "py")
    names: dict[str, Any] = {}
    exec(compile(sender.body, "receiving.md", "exec"), names)
    settings = InboundSettings(district="longyou")
    async with receiving(home.receiver(read_systems(register)), server, settings):
        told = await names["ask"](server.url)
    assert told["outcome"] == "accepted"
    assert [stream.partition("-")[0] for stream in told["made"]] == ["finding"]


def test_the_page_names_every_setting() -> None:
    assert [name for name in InboundSettings.__struct_fields__ if f"`{name}`" not in PAGE] == []
