"""SNS as its HTTP subscribers see it: messages are signed, with a certificate that can be fetched; a function's URL can be
pushed to; nothing is pushed out of loopback."""

import json
import os
import re
import subprocess
import threading
import time
import urllib.error
import urllib.parse

from ministack import app
from ministack.services import sns

_HERE = os.path.dirname(os.path.abspath(__file__))


class Signer:
    """sns-signer.fixture.ts in a process of its own, which ends when this one does: Python has no RSA of its own."""

    def __init__(self):
        self._lock = threading.Lock()
        self._process = None

    def _ask(self, question):
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def _start(self):
        if self._process is None:
            program = [os.path.join(_HERE, "sns-signer.fixture.ts"), os.environ["STATE_DIR"]]
            self._process = subprocess.Popen(
                ["node", *program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            self.certificate = self._ask({})

    def path_and_certificate(self):
        with self._lock:
            self._start()
            return self.certificate["path"], self.certificate["certificate"]

    def signed(self, message, version):
        path, _ = self.path_and_certificate()
        with self._lock:
            signature = self._ask({"message": message, "version": version})["signature"]
        url = f"http://{sns._HOST}:{sns._PORT}{path}"
        return {**message, "SignatureVersion": version, "Signature": signature, "SigningCertURL": url}


_signer = Signer()


def _version(topic_arn):
    topic = sns._topic_by_arn_any_scope(topic_arn)
    return ((topic or {}).get("attributes") or {}).get("SignatureVersion") or "1"


def messages_are_signed():
    """By the topic's SignatureVersion, with the key of the certificate at SigningCertURL (SNS developer guide, Verifying the
    signatures of Amazon SNS messages)."""
    envelope = sns._build_envelope
    post = sns._http_post_sync
    route = app._handle_lambda_url_request

    def signed_envelope(topic_arn, msg_id, message, subject, message_attributes, raw):
        text = envelope(topic_arn, msg_id, message, subject, message_attributes, raw)
        return text if raw else json.dumps(_signer.signed(json.loads(text), _version(topic_arn)))

    def signed_post(endpoint, payload, sns_message_type):
        if sns_message_type == "SubscriptionConfirmation":
            message = json.loads(payload)
            payload = json.dumps(_signer.signed(message, _version(message["TopicArn"])))
        return _repeated(lambda: post(_on_loopback(endpoint), payload, sns_message_type))

    async def with_certificate(host, path, method, *rest, **more):
        if path.startswith("/SimpleNotificationService-"):
            known, certificate = _signer.path_and_certificate()
            if path == known:
                return 200, {"Content-Type": "application/x-pem-file"}, certificate.encode()
            return 404, {}, b""
        return await route(host, path, method, *rest, **more)

    sns._build_envelope = signed_envelope
    sns._http_post_sync = signed_post
    app._handle_lambda_url_request = with_certificate


def _repeated(push):
    """Three more times, unless the endpoint refused it for good (SNS developer guide, message delivery retries: every 20
    seconds; here every one)."""
    for left in (3, 2, 1, 0):
        try:
            return push()
        except (urllib.error.URLError, TimeoutError) as error:
            refused = isinstance(error, urllib.error.HTTPError) and error.code < 500 and error.code != 429
            if refused or left == 0:
                raise
            time.sleep(1)


def _on_loopback(endpoint):
    """A function URL by its form that can be reached here. Nobody else is pushed to."""
    url = urllib.parse.urlsplit(endpoint)
    function = re.match(r"^([a-z0-9-]+)\.lambda-url\.[a-z0-9-]+\.on\.aws$", url.hostname or "")
    if function:
        return f"http://{sns._HOST}:{sns._PORT}/_aws/lambda-url/{function.group(1)}{url.path or '/'}"
    if url.hostname not in ("127.0.0.1", "::1"):
        raise ValueError(f"a test would have pushed to {url.hostname}")
    return endpoint
