"""What schemathesis is told about this API; loaded by it, through SCHEMATHESIS_HOOKS, for tests/attacks/schema.py."""

import json
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
# The same of single values, in `errors` of a problem.
VALUES = {"unknown_reference", "not_allowed", "malformed", "taken", "duplicate", "control_character", "required"}


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
    # The document counts characters; an address is bounded as it is sent, with each that is none of ASCII as three or more.
    reasons = {one["code"] for one in problem.get("errors", []) if not one["message"].endswith("once encoded")}
    if problem["code"] in REASONS or (problem.get("errors") and reasons <= VALUES):
        return
    raise AssertionError(f"what fits the document is refused: {problem['code']}: {problem['detail']} {sorted(reasons)}")
