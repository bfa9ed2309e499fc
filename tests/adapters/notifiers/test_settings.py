"""The file of notices: what is wrong in it is said, and none of its secrets."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from handheld.adapters.notifiers.settings import read_notices
from handheld.domain.errors import Installation
from handheld.domain.ladder import RUNGS

PAGE = Path(__file__).parents[3] / "docs/reaching-people.md"


@pytest.mark.parametrize(
    "text",
    [
        "[sms",
        "[sms]\nbody = '{}'\n",
        "[sms]\nurl = 'http://x'\nsecrett = 'hush-hush'\n",
        "[sms]\nurl = 'http://x'\nsecret = ['hush-hush']\n",
        "[ladder]\nweb_push = 900\n",
        "[web_push]\ncontact = 'me'\n",
        "[[robots]]\nurl = 'http://x'\ndivision = '330825'\nevery = 1\n",
        "[[webhooks]]\nname = 'a'\nurl = 'http://x'\nsecrets = []\n",
    ],
)
def test_a_wrong_file_of_notices_stops_the_server_and_tells_no_secret(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "notices.toml"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    with pytest.raises(Installation) as refused:
        read_notices(path)
    assert refused.value.code == "notices.file"
    assert "hush" not in json.dumps(refused.value.params)


def test_without_anything_named_there_is_the_call_list_alone(tmp_path: Path) -> None:
    path = tmp_path / "notices.toml"
    path.write_text("", "utf-8")
    path.chmod(0o600)
    assert set(read_notices(path).rules().waits) == {"call_list"}


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notices.toml"
    path.write_text("", "utf-8")
    path.chmod(0o644)
    with pytest.raises(Installation) as refused:
        read_notices(path)
    assert refused.value.code == "notices.open_to_others"
    with pytest.raises(Installation):
        read_notices(tmp_path / "none.toml")


def test_the_file_on_the_page_is_one(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    path = tmp_path / "notices.toml"
    path.write_text(found[1], "utf-8")
    path.chmod(0o600)
    settings = read_notices(path)
    assert tuple(settings.rules().waits) == RUNGS
    assert settings.sms is not None
    assert settings.sms.receipts is not None
    assert settings.webhooks[0].secrets == ("new", "old")
