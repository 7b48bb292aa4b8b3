"""What Slack's answers mean, as a table: docs.slack.dev/reference/methods/chat.postMessage, and incoming webhooks."""

from __future__ import annotations

import pytest

from worker.alerts.channel import Blame, Failure
from worker.alerts.slack import blame, failure

CERTAIN, PERMANENT, AMBIGUOUS = Failure.CERTAIN, Failure.PERMANENT, Failure.AMBIGUOUS


@pytest.mark.parametrize(
    ("status", "word", "expected"),
    [
        (200, "invalid_blocks", PERMANENT),
        (200, "msg_blocks_too_long", PERMANENT),
        (200, "msg_too_long", PERMANENT),
        (200, "no_text", PERMANENT),
        (200, "channel_not_found", PERMANENT),
        (200, "is_archived", PERMANENT),
        (200, "restricted_action", PERMANENT),
        (200, "invalid_auth", CERTAIN),
        (200, "token_revoked", CERTAIN),
        (200, "not_in_channel", CERTAIN),
        (200, "missing_scope", CERTAIN),
        (200, "ratelimited", CERTAIN),
        (200, "service_unavailable", CERTAIN),
        (200, "internal_error", AMBIGUOUS),
        (200, "fatal_error", AMBIGUOUS),
        (200, "a_word_of_tomorrow", CERTAIN),
        (400, "invalid_payload", PERMANENT),
        (403, "action_prohibited", PERMANENT),
        (403, "invalid_token", CERTAIN),
        (404, "no_service", PERMANENT),
        (404, "channel_not_found", PERMANENT),
        (410, "channel_is_archived", PERMANENT),
        (413, "", PERMANENT),
        (403, "<html>not from here</html>", CERTAIN),
        (404, "", CERTAIN),
        (401, "", CERTAIN),
        (407, "", CERTAIN),
        (408, "", CERTAIN),
        (429, "", CERTAIN),
        (302, "", CERTAIN),
        (500, "", AMBIGUOUS),
        (502, "<html>bad gateway</html>", AMBIGUOUS),
        (503, "", CERTAIN),
        (504, "", AMBIGUOUS),
    ],
)
def test_the_table(status: int, word: str, expected: Failure) -> None:
    assert failure(status, word) is expected


@pytest.mark.parametrize(
    ("status", "word", "expected"),
    [
        (200, "invalid_blocks", Blame.ALERT),
        (200, "a_word_of_tomorrow", Blame.ALERT),
        (200, "invalid_auth", Blame.LOGIN),
        (200, "ratelimited", Blame.SERVER),
        (200, "internal_error", Blame.SERVER),
        (302, "", Blame.LOGIN),
        (403, "<html>not from here</html>", Blame.LOGIN),
        (429, "", Blame.SERVER),
        (500, "", Blame.SERVER),
        (503, "<html>", Blame.SERVER),
    ],
)
def test_whose_trouble_it_is(status: int, word: str, expected: Blame) -> None:
    assert blame(status, word) is expected
