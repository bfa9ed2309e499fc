"""Posts (岗位): who holds which, in the order in which they took it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec


class Post(NamedTuple):
    """A role tied to a division, or to a department's work in a division (岗位)."""

    role: str
    division: str
    department: str | None = None
    """The key of the department to which the post belongs; none for one of the division itself."""


class PostsState(msgspec.Struct):
    """What a checkpoint holds."""

    own: dict[str, dict[str, list[str]]]
    """Role, division, people."""
    departments: dict[str, dict[str, list[tuple[str, str]]]]
    """Department, role, people and where they serve."""


class Posts:
    """Who holds which post. Posts of a division and those of a department are kept apart."""

    def __init__(self, state: PostsState | None = None) -> None:
        self._own = state.own if state else {}
        self._departments = state.departments if state else {}

    def take(self, person: str, post: Post) -> None:
        """The person holds the post from now on, after those who held it before."""
        if post.department is None:
            self._own.setdefault(post.role, {}).setdefault(post.division, []).append(person)
        else:
            roles = self._departments.setdefault(post.department, {})
            roles.setdefault(post.role, []).append((person, post.division))

    def leave(self, person: str, post: Post) -> None:
        """The person no longer holds the post."""
        if post.department is None:
            self._own[post.role][post.division].remove(person)
        else:
            self._departments[post.department][post.role].remove((person, post.division))

    def holders(self, post: Post) -> Sequence[str]:
        """The people who hold this very post."""
        if post.department is None:
            return self._own.get(post.role, {}).get(post.division, ())
        held = self._departments.get(post.department, {}).get(post.role, ())
        return [person for person, division in held if division == post.division]

    def own(self, role: str) -> Mapping[str, Sequence[str]]:
        """By division, who holds this role there; posts of departments are not among them."""
        return self._own.get(role, {})

    def of_department(self, key: str) -> Mapping[str, Sequence[tuple[str, str]]]:
        """By role, who holds a post of this department, and the division where they serve."""
        return self._departments.get(key, {})

    def in_departments(self, role: str) -> Iterator[tuple[str, str, str]]:
        """Department, person and division of every department's post of this role."""
        for key in sorted(self._departments):
            for person, division in self._departments[key].get(role, ()):
                yield key, person, division

    def copy(self) -> Posts:
        """The same, to go on by itself."""
        return Posts(
            PostsState(
                {
                    role: {code: list(people) for code, people in posts.items()}
                    for role, posts in self._own.items()
                },
                {
                    key: {role: list(held) for role, held in roles.items()}
                    for key, roles in self._departments.items()
                },
            )
        )

    def snapshot(self) -> PostsState:
        """For a checkpoint."""
        return PostsState(self._own, self._departments)
