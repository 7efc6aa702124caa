"""CloudFormation's resources as AWS makes them, where a deployment of serverless.yml depends on it."""

import asyncio
import contextvars
import json
import re
import threading

from ministack.core import iam_actions, sigv4
from ministack.core.responses import new_uuid
from ministack.services import dynamodb, lambda_svc, sns, sts
from ministack.services.cloudformation import provisioners

_urls = set()


def _wrap(resource_type, action, wrapper):
    handler = provisioners._RESOURCE_HANDLERS[resource_type]
    handler[action] = wrapper(handler[action])


def tables_have_their_settings():
    """TimeToLiveSpecification and PointInTimeRecoverySpecification of AWS::DynamoDB::Table are applied."""

    def applying(create):
        def created(logical_id, props, *rest):
            name, attributes = create(logical_id, props, *rest)
            if props.get("TimeToLiveSpecification"):
                spec = dict(props["TimeToLiveSpecification"])
                spec["Enabled"] = str(spec.get("Enabled")).lower() == "true"
                dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": spec})
            if props.get("PointInTimeRecoverySpecification"):
                dynamodb._update_continuous_backups({"TableName": name, **props})
            return name, attributes

        return created

    _wrap("AWS::DynamoDB::Table", "create", applying)


def functions_keep_their_recursion():
    """RecursiveLoop of AWS::Lambda::Function is applied."""

    def applying(make):
        def made(*args, **more):
            name, attributes = make(*args, **more)
            props = next(arg for arg in reversed(args) if isinstance(arg, dict))
            if props.get("RecursiveLoop"):
                lambda_svc._put_function_recursion_config(name, {"RecursiveLoop": props["RecursiveLoop"]})
            return name, attributes

        return made

    _wrap("AWS::Lambda::Function", "create", applying)
    _wrap("AWS::Lambda::Function", "update", applying)


def topics_keep_their_signature_version():
    """SignatureVersion of AWS::SNS::Topic is applied."""

    def applying(create):
        def created(logical_id, props, *rest):
            arn, attributes = create(logical_id, props, *rest)
            if props.get("SignatureVersion"):
                sns._topics[arn]["attributes"]["SignatureVersion"] = str(props["SignatureVersion"])
            return arn, attributes

        return created

    _wrap("AWS::SNS::Topic", "create", applying)


def subscriptions_ask_for_confirmation():
    """AWS::SNS::Subscription to http and https is pending until its endpoint confirms the message that it is sent."""

    def asking(create):
        def created(logical_id, props, *rest):
            arn, attributes = create(logical_id, props, *rest)
            subscription = sns._find_subscription(props.get("TopicArn", ""), arn)
            if subscription is not None and not subscription["confirmed"]:
                subscription["token"] = new_uuid()
                subscription["attributes"]["PendingConfirmation"] = "true"
                sending = sns._send_subscription_confirmation(props["TopicArn"], subscription)
                context = contextvars.copy_context()
                threading.Thread(target=context.run, args=(asyncio.run, sending), daemon=True).start()
            return arn, attributes

        return created

    _wrap("AWS::SNS::Subscription", "create", asking)


def function_urls_can_be_called():
    """A stack's function URL is an address where the function answers; one with AWS_IAM answers only to a request that is
    signed, for its region and the service lambda (Lambda developer guide, urls-auth)."""
    attributes = provisioners._lambda_url_attributes
    handle = lambda_svc.handle_function_url_request

    def reachable(config):
        url_id = config["FunctionUrl"].split("//")[1].split(".")[0]
        _urls.add(url_id)
        return {**attributes(config), "FunctionUrl": f"http://{sns._HOST}:{sns._PORT}{_path(url_id)}/"}

    async def checking(url_id, method, path, headers, body, query_params, resolved=None, source_ip=None):
        resolved = resolved or lambda_svc.resolve_function_url(url_id)
        if url_id in _urls and resolved and resolved[4].get("AuthType") == "AWS_IAM":
            why = _refusal(method, _path(url_id) + path, headers, body, query_params, resolved[1])
            if why:
                return 403, {"Content-Type": "application/json"}, json.dumps({"Message": why}).encode()
        return await handle(url_id, method, path, headers, body, query_params, resolved=resolved, source_ip=source_ip)

    provisioners._lambda_url_attributes = reachable
    lambda_svc.handle_function_url_request = checking


def _path(url_id):
    return f"/_aws/lambda-url/{url_id}"


def _refusal(method, path, headers, body, query_params, region):
    """Why the request's signature is not its caller's (a role, where the emulator looks at permissions; or a test); None: it is."""
    headers = {name.lower(): value for name, value in headers.items()}
    signature = sigv4.parse_header_signature(headers)
    if isinstance(signature, tuple):
        return signature[1]
    if (signature.region, signature.service) != (region, "lambda"):
        return f"Credential should be scoped to {region} and lambda."
    if not {"host", "x-amz-date"} <= set(signature.signed_headers.split(";")):
        return "host and x-amz-date have to be signed."
    secret = sts._sessions.get(signature.access_key_id, {}).get("SecretAccessKey", "test")
    failure = sigv4.request_time_failure(signature) or sigv4.header_signature_failure(
        signature, secret, method, path, query_params, headers, body
    )
    return failure[1] if failure else None


def batches_need_no_permission_of_their_own():
    """SendMessageBatch is allowed by sqs:SendMessage, and the other batches likewise: there are no actions of their names
    (service authorization reference, Amazon SQS). Where the emulator looks at permissions (AUTH=true)."""
    extract = iam_actions.extract_iam_action

    def single(service, *rest, **more):
        action = extract(service, *rest, **more)
        return re.sub(r"^(sqs:\w+|sns:Publish)Batch$", r"\1", action) if action else action

    iam_actions.extract_iam_action = single


def correct():
    batches_need_no_permission_of_their_own()
    tables_have_their_settings()
    functions_keep_their_recursion()
    topics_keep_their_signature_version()
    subscriptions_ask_for_confirmation()
    function_urls_can_be_called()
