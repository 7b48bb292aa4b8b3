"""What may stand in a watchlist. Pydantic models; the JSON Schema for editors is made of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    PlainValidator,
    SecretStr,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from worker.watchlist import times, values
from worker.watchlist.problems import meant
from worker.watchlist.values import fault

KINDS: Final = ("company", "person", "agency", "topic")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
DEFAULT_CHANNEL: Final = "screen"


def _between(least: timedelta, most: timedelta) -> BeforeValidator:
    def read(value: object) -> object:
        return values.duration(value, least, most) if isinstance(value, str) else value

    return BeforeValidator(read)


def _inside(check: Callable[[str], str]) -> AfterValidator:
    def read(value: SecretStr) -> SecretStr:
        return SecretStr(check(value.get_secret_value()))

    return AfterValidator(read)


def _known_channel(name: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get("channels")
    if known is not None and name not in known:
        raise fault("is not a channel", meant(name, known) or "no channel is defined")
    return name


def _present(text: str) -> str:
    if not text.strip():
        raise fault("is empty", "write a value")
    return text.strip()


DURATION: Final = WithJsonSchema(
    {"type": "string", "pattern": "^[0-9]+[smhd]$", "examples": ["30s", "5m", "2h", "7d"]}, mode="validation"
)
AS_WRITTEN: Final = PlainSerializer(values.written, return_type=str, when_used="json")
PLAIN: Final = PlainSerializer(str, return_type=str)
NOTHING: Final = {"type": "null"}
LISTED: Final = BeforeValidator(values.listed, json_schema_input_type=str | list[str])


def _interval(value: object) -> object:
    return values.interval(value, SECOND, 30 * DAY) if isinstance(value, str) else value


Poll = Annotated[
    values.Interval,
    BeforeValidator(_interval),
    WithJsonSchema(
        {"type": "string", "pattern": r"^[0-9]+[smhd](\.\.[0-9]+[smhd])?$", "examples": ["5m", "5m..6h"]},
        mode="validation",
    ),
    PlainSerializer(str, return_type=str, when_used="json"),
]
Gap = Annotated[timedelta, _between(timedelta(0), timedelta(hours=1)), DURATION, AS_WRITTEN]
Since = Annotated[timedelta, _between(timedelta(0), 3650 * DAY), DURATION, AS_WRITTEN]
Keep = Annotated[timedelta, _between(DAY, 36500 * DAY), DURATION, AS_WRITTEN]
Text = Annotated[str, AfterValidator(_present)]
Phrase = Annotated[str, AfterValidator(values.phrase)]
Patterns = Annotated[tuple[Annotated[str, AfterValidator(values.pattern)], ...], LISTED]
Notify = Annotated[tuple[Annotated[str, AfterValidator(_known_channel)], ...], LISTED]
Web = Annotated[str, AfterValidator(values.web)]
FeedAddress = Annotated[str, AfterValidator(values.feed_address)]
Mail = Annotated[str, AfterValidator(values.mail)]
SecretText = Annotated[SecretStr, _inside(_present)]
SecretCredentials = Annotated[SecretStr, _inside(values.credentials)]
SecretHeader = Annotated[SecretStr, _inside(values.header_value)]
SecretWeb = Annotated[SecretStr, _inside(values.web)]
SecretSmtp = Annotated[SecretStr, _inside(values.smtp)]


class Section(BaseModel):
    """A mapping of the file. A key with nothing after it counts as not written."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, data: object) -> object:
        if isinstance(data, dict):
            names = cls.keys()
            return {key: value for key, value in data.items() if value is not None or key not in names}
        return data

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """The keys that the section takes, as the file writes them."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())


Digest = Annotated[
    times.Times,
    PlainValidator(times.read_times),
    PLAIN,
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            "examples": ["08:00, 17:00", "every 2h", "never"],
        }
    ),
]
Quiet = Annotated[
    times.Hours,
    PlainValidator(times.read_hours),
    PLAIN,
    WithJsonSchema({"type": "string", "examples": ["22:00-07:00"]}),
]
AtMost = Annotated[
    times.Rate, PlainValidator(times.read_rate), PLAIN, WithJsonSchema({"type": "string", "examples": ["10 per hour"]})
]
Only = Annotated[
    tuple[Annotated[str, AfterValidator(times.read_only), WithJsonSchema({"enum": list(times.ONLY)})], ...], LISTED
]
Zone = Annotated[str, AfterValidator(times.read_zone)]


class ChannelSection(Section):
    """What every channel takes: when it wants to be told, and of what."""

    digest: Digest | None = None
    quiet: Quiet | None = None
    at_most: AtMost | None = None
    only: Only = ()
    time_zone: Zone | None = None


class SlackChannel(ChannelSection):
    """Slack: by an incoming webhook, or by ``token`` and ``channel``, which gives threads."""

    type: Literal["slack"]
    webhook: SecretWeb | None = None
    token: SecretText | None = None
    api_url: Web = "https://slack.com/api"
    channel: Text | None = Field(default=None, validate_default=True)

    @field_validator("channel")
    @classmethod
    def _one_way(cls, channel: str | None, info: ValidationInfo) -> str | None:
        if not {"webhook", "token"} <= info.data.keys():
            return channel  # one of them has a problem of its own, which is told
        webhook, token = info.data["webhook"], info.data["token"]
        if webhook and (token or channel):
            raise fault("has both ways of sending", "keep `webhook`, or keep `token` and `channel`", alone=True)
        if token and not channel:
            raise fault("has a `token` and no `channel`", "add `channel: C0123456789`", alone=True)
        if channel and not token:
            raise fault("has a `channel` and no `token`", "add `token: ${SLACK_BOT_TOKEN}`", alone=True)
        if not webhook and not token:
            raise fault("has no way to send", "add `webhook`, or `token` and `channel`", alone=True)
        return channel


class EmailChannel(ChannelSection):
    """E-mail through one SMTP server. ``smtp`` is ``smtp://user:pass@host:587`` or ``smtps://host:465``."""

    type: Literal["email"]
    smtp: SecretSmtp
    sender: Mail = Field(alias="from")
    to: Annotated[tuple[Mail, ...], LISTED] = Field(min_length=1)


class ConsoleChannel(ChannelSection):
    """Prints alerts to standard output."""

    type: Literal["console"]


class AppriseChannel(ChannelSection):
    """Anything that the library Apprise can reach, by its own addresses (``tgram://…``)."""

    type: Literal["apprise"]
    url: Annotated[tuple[SecretText, ...], LISTED] = Field(min_length=1)


class WebhookChannel(ChannelSection):
    """A service of the desk's own: each alert is posted as JSON, signed with ``secret`` (Standard Webhooks)."""

    type: Literal["webhook"]
    url: SecretWeb
    secret: Annotated[SecretStr, _inside(values.signing_secret)]


ChannelConfig = WebhookChannel | SlackChannel | EmailChannel | ConsoleChannel | AppriseChannel
CHANNELS: Final[dict[str, type[Section]]] = {
    "slack": SlackChannel,
    "email": EmailChannel,
    "console": ConsoleChannel,
    "apprise": AppriseChannel,
    "webhook": WebhookChannel,
}


class ByKind(Section):
    """Who is told of the entities of a kind that name no channel themselves."""

    company: Notify | None = None
    person: Notify | None = None
    agency: Notify | None = None
    topic: Notify | None = None


class Defaults(Section):
    """What holds where a feed or an entity says nothing else."""

    every: Poll = values.Interval(timedelta(minutes=5), timedelta(minutes=5))
    notify: Notify | None = None
    host_gap: Gap = SECOND
    since: Since = DAY
    notify_by_kind: ByKind = ByKind()
    time_zone: Zone = "UTC"


class FeedItem(Section):
    """One feed by its address, or with ``{name}`` one for each entity."""

    url: FeedAddress
    name: Phrase | None = None
    every: Poll | None = None
    credentials: SecretCredentials | None = None
    notify: Notify = ()

    @field_validator("name")
    @classmethod
    def _placeholder(cls, name: str | None, info: ValidationInfo) -> str | None:
        if name and "{name}" in name and "{name}" not in info.data.get("url", "{name}"):
            raise fault("has {name}, and the feed's `url` has not", "{name} in the url makes one feed for each entity")
        return name


class OpmlItem(Section):
    """Every feed of an OPML file, whose path is relative to the watchlist."""

    opml: Text
    every: Poll | None = None
    notify: Notify = ()


def feed_tag(item: object) -> str:
    """Which of the two kinds of feed an item is."""
    return "opml" if (isinstance(item, dict) and "opml" in item) or isinstance(item, OpmlItem) else "url"


FEEDS: Final[dict[str, type[Section]]] = {"url": FeedItem, "opml": OpmlItem}
AnyFeed = Annotated[Annotated[FeedItem, Tag("url")] | Annotated[OpmlItem, Tag("opml")], Discriminator(feed_tag)]


class HostItem(Section):
    """How one host, or all hosts of one domain, are asked."""

    host_gap: Gap | None = None
    robots: bool = True
    headers: dict[Annotated[str, AfterValidator(values.header_name)], SecretHeader] = Field(default_factory=dict)


class EntityItem(Section):
    """One watched name and the forms in which it is written."""

    name: Phrase
    kind: Literal["company", "person", "agency", "topic"] = "topic"
    aliases: Patterns = ()
    exclude: Patterns = ()
    forbid: Patterns = ()
    generate: bool = True
    near: Patterns = ()
    notify: Notify | None = None
    digest: Digest | None = None
    at_most: AtMost | None = None
    only: Only = ()


class Document(Section):
    """The whole file."""

    channels: dict[
        Annotated[str, AfterValidator(values.channel_name)],
        Annotated[ChannelConfig, Field(discriminator="type")],
    ] = Field(default_factory=dict)
    defaults: Defaults = Defaults()
    hosts: dict[Annotated[str, AfterValidator(values.host_name)], HostItem] = Field(default_factory=dict)
    feeds: tuple[AnyFeed, ...] = ()
    entities: tuple[EntityItem, ...] = ()
    retention: Keep = 90 * DAY


@cache
def json_schema() -> dict[str, Any]:
    """The JSON Schema of a watchlist, for completion and errors in an editor."""
    schema = Document.model_json_schema(by_alias=True, mode="validation")
    for section in (schema, *schema["$defs"].values()):
        _let_blank(section, schema["$defs"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "A wirewatch watchlist"}


def _let_blank(section: dict[str, Any], sections: dict[str, Any]) -> None:
    """Let each key that need not stand have nothing after it, as :meth:`Section._drop_blanks` does.

    Not by ``anyOf`` where a type can say it: an editor then tells only that no branch fits, and not what is wrong.
    """
    for key, found in section["properties"].items():
        if key in section.get("required", ()):
            continue
        if "$ref" in found:
            sections[found["$ref"].rpartition("/")[2]]["type"] = ["object", "null"]
        elif "anyOf" in found:
            found["anyOf"] = [*(way for way in found["anyOf"] if way != NOTHING), NOTHING]
        elif "enum" in found:
            section["properties"][key] = {"anyOf": [found, NOTHING]}
        else:
            found["type"] = [found["type"], "null"]
