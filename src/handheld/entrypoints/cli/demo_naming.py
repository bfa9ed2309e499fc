"""How the typhoon story names divisions, departments, people by their posts, and boards."""

from __future__ import annotations

from rich.padding import Padding

from handheld.demo.stage import Board
from handheld.entrypoints.cli.render import one_line
from handheld.entrypoints.cli.wrapping import Words
from handheld.texts import Texts
from handheld_projections.department_board import DepartmentBoard
from handheld_projections.organisation import Organisation


class Naming:
    """Names, in one language."""

    def __init__(self, texts: Texts, organisation: Organisation) -> None:
        self.texts = texts
        self._organisation = organisation

    def say(self, key: str, /, **params: object) -> str:
        """A text of the story."""
        return self.texts.say(f"cli.typhoon.{key}", **params)

    def words(self, text: str) -> Padding:
        """A paragraph, broken where its language may be broken."""
        return Padding(Words.of(one_line(text)), 0, expand=False)

    def division(self, code: str) -> str:
        """The name of a division; a grid with that of its village."""
        known = self._organisation.divisions.get(code)
        name = known.name if known is not None else code
        return f"{self.division(code[:12])}{name}" if len(code) == 15 else name

    def department(self, key: str) -> str:
        """The name of a department."""
        known = self._organisation.departments.get(key)
        return known.name if known is not None else key

    def board_name(self, board: Board) -> str:
        """Whose board it is."""
        if isinstance(board, DepartmentBoard):
            return self.department(board.department)
        return self.division(board.division)

    def short(self, board: Board) -> str:
        """The name beneath that of the board above it."""
        if isinstance(board, DepartmentBoard):
            return self.department(board.department)
        known = self._organisation.divisions.get(board.division)
        return known.name if known is not None else board.division

    def who(self, actor: str) -> str:
        """Somebody by their post; a process by its name."""
        known = self._organisation.people.get(actor)
        if known is None or not known.posts:
            return self.say("system") if actor == "reactions" else self.say("process")
        post = known.posts[0]
        words = self.say(
            "post", role=self.texts.role(post.role), place=self.division(post.division)
        )
        alone = len(self._organisation.holders(post.role, post.division, post.department)) == 1
        return words if alone else f"{words} {actor.removeprefix('person-')}"
