"""What schemathesis is told about this API; loaded by it, through SCHEMATHESIS_HOOKS, for tests/attacks/schema.py."""

import json
import os
import urllib.request
import uuid

import schemathesis

# Why what fits the document may be refused all the same: it depends on what is stored, or on more than one value.
REASONS = {
    "bad_cursor",  # a cursor is one that was given out
    "precondition_required",  # If-Match may be left out of the document's one header for several methods
    "stale_revision",  # the revision is not the current one
    "protocol_version",  # tus knows one version
    "unsupported_media_type",  # uploads are judged by their bytes
    "batch_refused",  # of what its operations are refused for
    "key_reused",
    "key_in_flight",
}
# Messages of the same.
MESSAGES = {
    "holds no word to look for",  # what is a word, Unicode knows
    "is not in the future",  # which depends on the clock
    "a table needs at least one cell",  # in its header or in its rows
    "expected an integer, found a number",  # JSON Schema takes 7.0 for a whole number, and the product does not
}
# How messages end that tell of what a schema cannot count: an address is bounded as it is sent, with each character that is none of ASCII as
# three or more; a block by all of its texts together.
ENDINGS = ("once encoded", "characters of text; at most 20000 are allowed")
# The same of single values, in `errors` of a problem.
VALUES = {"unknown_reference", "not_allowed", "malformed", "taken", "duplicate", "control_character", "required"}

ACCOUNT = "/api/v1/auth/"


class People:
    """Who asks. What one does with an account can end a session, so another of the same role does that, who logs in again."""

    def __init__(self):
        self.asks = json.loads(os.environ["SCHEMA_ASKS"])
        self.spare = None

    def token(self, path):
        if not path.startswith(ACCOUNT):
            return self.asks["token"]
        if not self.spare:
            login = urllib.request.Request(f"http://{self.asks['address']}{ACCOUNT}login", json.dumps(self.asks["spare"]).encode(),
                                           {"Content-Type": "application/json"})
            with urllib.request.urlopen(login, timeout=10) as answer:
                self.spare = json.load(answer)["access_token"]
        return self.spare


people = People() if "SCHEMA_ASKS" in os.environ else None

if people:
    @schemathesis.auth(refresh_interval=None)
    class Auth:
        def get(self, case, context):
            return people

        def set(self, case, data, context):
            case.headers["Authorization"] = f"Bearer {data.token(case.operation.path)}"


@schemathesis.hook
def after_call(context, case, response):
    """A session of the spare person may have ended by anything but a look."""
    if people and case.operation.path.startswith(ACCOUNT) and case.method.upper() != "GET" and response.status_code < 400:
        people.spare = None


@schemathesis.hook
def before_call(context, case, kwargs):
    """Each request is one of its own; what happens to a key that is used twice, tests of faults ask."""
    if case.headers and case.headers.get("Idempotency-Key") and case.meta and case.meta.generation.mode.is_positive:
        case.headers["Idempotency-Key"] = uuid.uuid4().hex


@schemathesis.serializer("application/offset+octet-stream")
def octets(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.check
def refused_for_a_reason(ctx, response, case):
    """Instead of `positive_data_acceptance`, which knows statuses and no codes."""
    if response.status_code not in (400, 412, 415, 422, 428) or not case.meta or not case.meta.generation.mode.is_positive:
        return
    problem = json.loads(response.content)
    told = [one for one in problem.get("errors", []) if not one["message"].endswith(ENDINGS) and one["message"] not in MESSAGES]
    reasons = {one["code"] for one in told}
    if problem["code"] in REASONS or (problem.get("errors") and reasons <= VALUES):
        return
    raise AssertionError(f"what fits the document is refused: {problem['code']}: {problem['detail']} {sorted(reasons)}")
