"""Makes ministack 1.5.33 do what AWS does, where tests depend on it. Each correction names what AWS documents; the table in
README.md says which differences remain. A version whose code is not as expected here is refused, not half corrected."""

import contextvars
import hashlib
import json
import threading
import time

import emulator_sns
import emulator_stacks
from ministack import app
from ministack.core import lambda_runtime
from ministack.core.responses import new_uuid
from ministack.services import lambda_svc, sqs

_client_context = contextvars.ContextVar("client_context", default=None)
_request_id = contextvars.ContextVar("invoke_request_id", default=None)
_outcome = threading.local()


def _replaced(text, old, new):
    if text.count(old) != 1:
        raise SystemExit(f"ministack is not the version that its corrections were written for: {old!r}")
    return text.replace(old, new)


def errors_have_names():
    """A function that throws answers {errorType, errorMessage, trace}, the type being the error's name, or the type of a value
    that is no error; one whose process ends is a Runtime.ExitError (Lambda developer guide, Node.js errors)."""
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    script = _replaced(
        script,
        'status: "error", error: String(err.message || err), trace: err.stack || ""',
        'status: "error", error: String(err.message ?? err), trace: err.stack || "",'
        ' errorType: err instanceof Error ? err.name : typeof err',
    )
    script = _replaced(
        script,
        'status: "error", error: e.message, trace: e.stack\n',
        'status: "error", error: String(e?.message ?? e), trace: e?.stack || "",'
        ' errorType: e instanceof Error ? e.name : typeof e\n',
    )
    lambda_runtime._NODEJS_WORKER_SCRIPT = script
    invoke = lambda_runtime.Worker.invoke
    execute = lambda_svc._execute_function_warm

    def remembering(self, event, request_id, **rest):
        response = invoke(self, event, request_id, **rest)
        if response.get("error") == "Worker process died":
            response["errorType"] = "Runtime.ExitError"
            response["error"] = f"RequestId: {request_id} Error: Runtime exited with error: exit status 1"
        _outcome.error = response if response.get("status") == "error" else None
        return response

    def naming(func, event, request_id):
        _outcome.error = None
        result = execute(func, event, request_id)
        error = _outcome.error
        if result.get("error") and error and "errorType" in error and isinstance(result.get("body"), dict):
            trace = (error.get("trace") or "").split("\n")
            result["body"] = {"errorType": error["errorType"], "errorMessage": error["error"], "trace": trace}
        return result

    lambda_runtime.Worker.invoke = remembering
    lambda_svc._execute_function_warm = naming


def client_context_arrives():
    """The client context of a synchronous call is in the function's context (Invoke, ClientContext)."""
    lambda_runtime._NODEJS_WORKER_SCRIPT = _replaced(
        lambda_runtime._NODEJS_WORKER_SCRIPT,
        "clientContext: null,",
        "clientContext: ctx.durable?.clientContext ? JSON.parse(ctx.durable.clientContext) : undefined,",
    )
    overlay = lambda_svc._durable_env_overlay

    def with_client_context():
        context = _client_context.get()
        return overlay() if context is None else {**overlay(), "clientContext": context}

    lambda_svc._durable_env_overlay = with_client_context


def asynchronous_calls_tell_their_end():
    """Retries, then a record for the destination of success or failure, with the request id that the caller got (Lambda
    developer guide, asynchronous invocation, destinations). Instead of the emulator's own retries."""
    import base64

    invoke = lambda_svc._invoke
    send_response = app._send_response

    async def knowing(name, event, headers, *rest, **more):
        context = headers.get("x-amz-client-context") or headers.get("X-Amz-Client-Context")
        _client_context.set(base64.b64decode(context).decode() if context else None)
        request_id = new_uuid()
        _request_id.set(request_id)
        status, answer, body = await invoke(name, event, headers, *rest, **more)
        return status, {**answer, "x-corrected-requestid": request_id}, body

    async def answering(send, status, headers, *rest, **more):
        corrected = headers.pop("x-corrected-requestid", None)
        if corrected:
            headers = {key: value for key, value in headers.items() if key.lower() != "x-amzn-requestid"}
            headers["x-amzn-requestid"] = corrected
        return await send_response(send, status, headers, *rest, **more)

    lambda_svc._invoke = knowing
    app._send_response = answering
    lambda_svc.invoke_async_with_retry = _run_asynchronously


def _run_asynchronously(func, event):
    request_id = _request_id.get() or new_uuid()

    def run():
        _client_context.set(None)
        config = func.get("config") or func
        account, region = lambda_svc._account_region_from_function_config(config)
        lambda_svc._request_account_id.set(account)
        lambda_svc._request_region.set(region)
        settings = func.get("event_invoke_config") or (func.get("event_invoke_configs") or {}).get("$LATEST") or {}
        retries = settings.get("MaximumRetryAttempts")
        attempts = 0
        while True:
            attempts += 1
            result = lambda_svc._execute_function(func, event)
            if not result.get("error") or attempts > (2 if retries is None else int(retries)):
                break
            time.sleep(1)
        failed = bool(result.get("error"))
        target = ((settings.get("DestinationConfig") or {}).get("OnFailure" if failed else "OnSuccess") or {}).get("Destination")
        if target:
            _send(target, _record(config, request_id, event, result, attempts))

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), daemon=True).start()


def _record(config, request_id, event, result, attempts):
    failed = bool(result.get("error"))
    response = {"statusCode": 200, "executedVersion": config.get("Version", "$LATEST")}
    if failed:
        response["functionError"] = result.get("function_error") or "Unhandled"
    return {
        "version": "1.0",
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        "requestContext": {
            "requestId": request_id,
            "functionArn": config.get("FunctionArn", ""),
            "condition": "RetriesExhausted" if failed else "Success",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": event,
        "responseContext": response,
        "responsePayload": result.get("body"),
    }


def _send(target, record):
    """To an SQS queue, the only destination that the tests have."""
    queue = sqs._queue_by_arn(target)
    if queue is None:
        raise SystemExit(f"no queue {target} for the record of an asynchronous call")
    body = json.dumps(record)
    now = time.time()
    sent = {"SenderId": sqs.get_account_id(), "SentTimestamp": str(int(now * 1000))}
    queue["messages"].append(
        {
            "id": new_uuid(), "body": body, "md5_body": hashlib.md5(body.encode()).hexdigest(), "md5_attrs": "",
            "receipt_handle": None, "sent_at": now, "visible_at": now + sqs.queue_delay(queue), "receive_count": 0,
            "first_receive_at": None, "message_attributes": {}, "sys": sent, "group_id": None, "dedup_id": None,
            "dedup_cache_key": None, "seq": None,
        }
    )
    lambda_svc.esm_wake.set()


def event_sources_delete_by_their_own_receipt():
    """An invocation that ends after its message's visibility did not receive it last: its receipt deletes nothing (SQS,
    DeleteMessage: only the most recent receipt handle)."""
    run = lambda_svc._run_sqs_batch

    def with_its_own(esm, func_rec, event, batch, queue_url, queue_name):
        return run(esm, func_rec, event, [dict(message) for message in batch], queue_url, queue_name)

    lambda_svc._run_sqs_batch = with_its_own


def correct():
    errors_have_names()
    client_context_arrives()
    asynchronous_calls_tell_their_end()
    event_sources_delete_by_their_own_receipt()
    emulator_sns.messages_are_signed()
    emulator_stacks.correct()
