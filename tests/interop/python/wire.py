"""Records as JSON: key and value base64 or null, headers as pairs, timestamp in milliseconds."""

import base64


def to_bytes(text):
    return None if text is None else base64.b64decode(text)


def to_text(data):
    return None if data is None else base64.b64encode(data).decode()


def consumed(partition, offset, timestamp, key, value, headers):
    pairs = [[name, to_text(content)] for name, content in headers or []]
    return {
        "partition": partition,
        "offset": offset,
        "timestamp": timestamp,
        "key": to_text(key),
        "value": to_text(value),
        "headers": pairs,
    }
