"""The settings, and where each value comes from: file < environment < flags.

docs/operations.md#configuration is the page for people. A setting is added here, in three places
(its field, its line in `SETTINGS`, its words), and nowhere else.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_type_hints

import msgspec

from handheld.adapters.config_file import ConfigFile
from handheld.domain.errors import Installation
from handheld.texts.language import LOCALE_VARIABLES, Language, known_language

FILE_VARIABLE = "HANDHELD_CONFIG"
USUAL_FILE = Path("handheld.toml")
"""Read where no other file is named and this one is there, in the working directory."""

USUAL_DATA = Path("handheld-data")

MASK = "••••••"

Kind = Literal[
    "path",
    "language",
    "host",
    "port",
    "origins",
    "hosts",
    "text",
    "district",
    "servers",
    "name",
    "replicas",
    "switch",
    "level",
    "format",
]
Source = Literal["flag", "environment", "file", "locale", "default"]
Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Host = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z.:_%-]+$")]
NatsServer = Annotated[str, msgspec.Meta(pattern=r"^(nats|tls)://[^\s,]+$")]
NatsName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
District = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
WebOrigin = Annotated[
    str, msgspec.Meta(pattern=r"^https?://([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$")
]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All that can be set, each with what holds where nobody has set it."""

    data: Path = USUAL_DATA
    """The data directory."""
    language: Language = "zh"
    """The language of what people read."""
    host: Host = "127.0.0.1"
    """The address that the server listens on; this machine only, unless somebody opens it."""
    port: Port = 8750
    """The TCP port that the server listens on; 0 takes any that is free."""
    tls_certificate: Path | None = None
    """The certificate chain (PEM) that the server shows."""
    tls_key: Path | None = None
    """The private key (PEM) of the certificate."""
    origins: tuple[WebOrigin, ...] = ()
    """The addresses at which browsers reach the server, exactly: `https://command.example`."""
    metrics_token: str | None = None
    """The bearer token for /metrics; without one only this machine may ask."""
    proxies: tuple[Host, ...] = ()
    """Addresses of the proxies in front, whose word on where a request came from is taken."""
    notices: Path | None = None
    """The file that says by which ways people are told whose phones have not got their task."""
    database: str | None = None
    """The PostgreSQL database of `api`, `gateway` and `follow`, as libpq names it: a URL, or key=value."""
    district: District = "handheld"
    """What the district's schemas in the database, and its subjects in NATS, begin with."""
    nats: tuple[NatsServer, ...] = ()
    """The addresses of the NATS servers: `nats://` or `tls://`."""
    nats_credentials: Path | None = None
    """The file of credentials (JWT and seed) with which NATS is used."""
    nats_seed: Path | None = None
    """The file of the seed of an nkey with which NATS is used."""
    nats_ca: Path | None = None
    """The certificates (PEM) that the NATS servers' must come from."""
    nats_certificate: Path | None = None
    """The certificate (PEM) that is shown to the NATS servers."""
    nats_key: Path | None = None
    """The private key (PEM) of that certificate."""
    nats_domain: NatsName | None = None
    """JetStream's domain, where the NATS servers have one."""
    nats_stream: NatsName | None = None
    """The stream in which facts are published; the district's name where none is set."""
    nats_take_over: bool = False
    """Whether a stream of the log from which this one was restored is replaced by this log's."""
    nats_replicas: Literal[1, 3, 5] = 1
    """On how many NATS servers each published fact lies."""
    systems: Path | None = None
    """The file that says which other systems may ask for what, over NATS."""
    gateways: tuple[WebOrigin, ...] = ()
    """Where browsers and phones reach the gateways, where that is not the pages' own address."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """From which weight on the program's own messages are written."""
    log_format: Literal["json", "text"] = "json"
    """How the program's own messages are written."""


class Setting(NamedTuple):
    """One setting, as it is called in the file, in the environment and on the command line."""

    key: str
    variable: str
    flag: str
    kind: Kind
    secret: bool = False
    """Whether its value is never shown."""


SETTINGS = (
    Setting("data", "HANDHELD_DATA", "--data", "path"),
    Setting("language", "HANDHELD_LANG", "--lang", "language"),
    Setting("host", "HANDHELD_HOST", "--host", "host"),
    Setting("port", "HANDHELD_PORT", "--port", "port"),
    Setting("tls_certificate", "HANDHELD_TLS_CERTIFICATE", "--tls-certificate", "path"),
    Setting("tls_key", "HANDHELD_TLS_KEY", "--tls-key", "path"),
    Setting("origins", "HANDHELD_ORIGINS", "--origin", "origins"),
    Setting("metrics_token", "HANDHELD_METRICS_TOKEN", "", "text", secret=True),
    Setting("proxies", "HANDHELD_PROXIES", "--proxy", "hosts"),
    Setting("notices", "HANDHELD_NOTICES", "--notices", "path"),
    Setting("database", "HANDHELD_DATABASE", "", "text", secret=True),
    Setting("district", "HANDHELD_DISTRICT", "", "district"),
    Setting("nats", "HANDHELD_NATS", "", "servers", secret=True),
    Setting("nats_credentials", "HANDHELD_NATS_CREDENTIALS", "", "path"),
    Setting("nats_seed", "HANDHELD_NATS_SEED", "", "path"),
    Setting("nats_ca", "HANDHELD_NATS_CA", "", "path"),
    Setting("nats_certificate", "HANDHELD_NATS_CERTIFICATE", "", "path"),
    Setting("nats_key", "HANDHELD_NATS_KEY", "", "path"),
    Setting("nats_domain", "HANDHELD_NATS_DOMAIN", "", "name"),
    Setting("nats_stream", "HANDHELD_NATS_STREAM", "", "name"),
    Setting("nats_take_over", "HANDHELD_NATS_TAKE_OVER", "", "switch"),
    Setting("nats_replicas", "HANDHELD_NATS_REPLICAS", "", "replicas"),
    Setting("systems", "HANDHELD_SYSTEMS", "", "path"),
    Setting("gateways", "HANDHELD_GATEWAYS", "", "origins"),
    Setting("log_level", "HANDHELD_LOG_LEVEL", "--log-level", "level"),
    Setting("log_format", "HANDHELD_LOG_FORMAT", "--log-format", "format"),
)

OTHER_VARIABLES = frozenset({FILE_VARIABLE, "HANDHELD_DEBUG", "HANDHELD_WRITE_GOLDEN"})
"""Variables of ours that are no settings."""


class Origin(NamedTuple):
    """Where a value comes from, such as ("file", "handheld.toml:3")."""

    source: Source
    name: str = ""


class Entry(NamedTuple):
    """A setting, its value, and where that comes from."""

    setting: Setting
    value: object
    origin: Origin

    @property
    def shown(self) -> object:
        """The value as plain text, number or list; a secret one is masked."""
        if self.setting.secret and self.value is not None:
            return MASK
        if isinstance(self.value, tuple):
            return list(self.value)
        return str(self.value) if isinstance(self.value, Path) else self.value


class Resolved(NamedTuple):
    """The settings that hold, and the origin of each."""

    settings: Settings
    entries: tuple[Entry, ...]


def config_path(flag: Path | None, env: Mapping[str, str]) -> Path | None:
    """The configuration file that somebody names, if anybody does."""
    return flag or (Path(env[FILE_VARIABLE]) if env.get(FILE_VARIABLE) else None)


def resolve(
    given: Mapping[str, object], env: Mapping[str, str], file: ConfigFile | None
) -> Resolved:
    """The settings from the flags that were given (by key), the environment, and a file.

    Raises Installation (`config.key`, `config.key_near`, and one code a kind of value, such as
    `config.port`).
    """
    if file is not None:
        check_keys(file)
    entries = tuple(_entry(setting, given, env, file) for setting in SETTINGS)
    values: dict[str, Any] = {entry.setting.key: entry.value for entry in entries}
    return Resolved(Settings(**values), entries)


def check_keys(file: ConfigFile) -> None:
    """Every key of a file is one of ours. Raises Installation (`config.key`, `config.key_near`)."""
    known = [setting.key for setting in SETTINGS]
    for key in file.values:
        if key in known:
            continue
        near = difflib.get_close_matches(key.lower().replace("-", "_"), known, 1)
        if near:
            raise Installation("config.key_near", where=file.where(key), key=key, near=near[0])
        raise Installation("config.key", where=file.where(key), key=key, known=", ".join(known))


def unknown_variables(env: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """Variables that look like ours and are not, each with the nearest that is."""
    known = [*(setting.variable for setting in SETTINGS), *sorted(OTHER_VARIABLES)]
    return [
        (name, next(iter(difflib.get_close_matches(name, known, 1)), None))
        for name in sorted(env)
        if name.startswith("HANDHELD_") and name not in known
    ]


def language_of(
    flag: str | None, env: Mapping[str, str], file: ConfigFile | None
) -> tuple[Language, Origin]:
    """The language and where it comes from: flag, variable, file, the system's locale, Chinese.

    A spelling that is none of ours is passed over here; the flag and the file are checked apart.
    """
    wished = None if file is None else file.values.get("language")
    locale = next((name for name in LOCALE_VARIABLES if env.get(name)), "")
    for wish, origin in (
        (flag, Origin("flag", "--lang")),
        (env.get("HANDHELD_LANG"), Origin("environment", "HANDHELD_LANG")),
        (wished, Origin("file", "" if file is None else file.where("language"))),
        (env.get(locale), Origin("locale", locale)),
    ):
        known = known_language(wish) if isinstance(wish, str) else None
        if known is not None:
            return known, origin
    return Settings().language, Origin("default")


def _entry(
    setting: Setting,
    given: Mapping[str, object],
    env: Mapping[str, str],
    file: ConfigFile | None,
) -> Entry:
    key = setting.key
    if key == "language":
        if file is not None and key in file.values:
            _converted(setting, file.values[key], Origin("file", file.where(key)))
        flag = given.get(key)
        language, origin = language_of(flag if isinstance(flag, str) else None, env, file)
        return Entry(setting, language, origin)
    if key in given:
        return _made(setting, given[key], Origin("flag", setting.flag))
    if env.get(setting.variable):
        return _made(setting, env[setting.variable], Origin("environment", setting.variable))
    if file is not None and key in file.values:
        made = _made(setting, file.values[key], Origin("file", file.where(key)))
        if isinstance(made.value, Path):  # as seen from the file
            return made._replace(value=file.path.parent / made.value)
        return made
    return Entry(setting, getattr(Settings(), key), Origin("default"))


def _made(setting: Setting, raw: object, origin: Origin) -> Entry:
    return Entry(setting, _converted(setting, raw, origin), origin)


def _converted(setting: Setting, raw: object, origin: Origin) -> object:
    """The value with the type of its setting. Raises Installation."""
    from_text = origin.source == "environment"
    if setting.kind in ("origins", "hosts", "servers") and isinstance(raw, str) and from_text:
        raw = re.split(r"[\s,]+", raw.strip(" ,"))
    if setting.kind == "language" and isinstance(raw, str):
        raw = known_language(raw)
    if isinstance(raw, Path):
        raw = str(raw)
    wanted = get_type_hints(Settings, include_extras=True)[setting.key]
    try:
        return msgspec.convert(raw, wanted, strict=not from_text, dec_hook=_path)
    except msgspec.ValidationError:
        raise _wrong(setting, origin.name) from None


def _path(wanted: type, raw: object) -> object:
    """The one type that the converter does not know. An empty path names nothing."""
    if wanted is Path and isinstance(raw, str) and raw and "\0" not in raw:
        return Path(raw)
    raise TypeError


def _wrong(setting: Setting, where: str) -> Installation:
    """What a setting must be; the value is not repeated: it may be a secret one."""
    key = setting.key
    match setting.kind:
        case "path":
            return Installation("config.path", where=where, key=key)
        case "language":
            return Installation("config.language", where=where, key=key)
        case "host":
            return Installation("config.host", where=where, key=key)
        case "port":
            return Installation("config.port", where=where, key=key)
        case "origins":
            return Installation("config.origins", where=where, key=key)
        case "hosts":
            return Installation("config.hosts", where=where, key=key)
        case "text":
            return Installation("config.text", where=where, key=key)
        case "district":
            return Installation("config.district", where=where, key=key)
        case "servers":
            return Installation("config.servers", where=where, key=key)
        case "name":
            return Installation("config.name", where=where, key=key)
        case "switch":
            return Installation("config.switch", where=where, key=key)
        case "replicas":
            return Installation("config.replicas", where=where, key=key)
        case "level":
            return Installation("config.level", where=where, key=key)
        case "format":
            return Installation("config.format", where=where, key=key)


def tls_files(settings: Settings) -> tuple[Path, Path] | None:
    """Certificate and key; None where neither is set. Raises Installation (`config.tls_half`)."""
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        has, lacks = ("tls_key", "tls_certificate")[:: 1 if key else -1]
        raise Installation("config.tls_half", has=has, lacks=lacks)
    return certificate, key


def secrets_masked(entries: Sequence[Entry]) -> dict[str, dict[str, object]]:
    """Every value with its origin, for machines."""
    return {
        entry.setting.key: {
            "value": entry.shown,
            "source": entry.origin.source,
            "origin": entry.origin.name,
        }
        for entry in entries
    }
