"""Calls operations as boto3 and as the AWS CLI do. One JSON line a call in: {client, service, operation, input}; one line out:
{answer}, {code, message}, or {unknown} for what this version of the client does not have or models otherwise."""
import contextlib
import functools
import io
import json
import re
import sys

endpoint, region = sys.argv[1:3]


def hyphened(name, sign):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", sign, name).lower()


@functools.cache
def client_of(service):
    import boto3

    return boto3.client(service, endpoint_url=endpoint, region_name=region)


def by_boto3(service, operation, given):
    from botocore.exceptions import ClientError

    client = client_of(service)
    method = getattr(client, hyphened(operation, "_"), None)
    if method is None:
        return {"unknown": True}
    try:
        answer = method(**given)
    except ClientError as error:
        return {"code": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
    answer.pop("ResponseMetadata", None)
    return {"answer": answer}


@functools.cache
def driver():
    from awscli.clidriver import create_clidriver

    return create_clidriver()


def by_cli(service, operation, given):
    command = [service, hyphened(operation, "-"), "--cli-input-json", json.dumps(given)]
    printed, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told):
        try:
            status = driver().main(command + ["--endpoint-url", endpoint, "--region", region, "--output", "json"])
        except SystemExit as end:
            status = end.code
    if status == 0:
        return {"answer": json.loads(printed.getvalue() or "{}")}
    found = re.search(r"An error occurred \((\w+)\) when calling the \w+ operation(?: \([^)]*\))?: (.*)", told.getvalue(), re.S)
    if found:
        return {"code": found[1], "message": found[2].strip()}
    if re.search("[Ii]nvalid choice|Parameter validation failed", told.getvalue()):
        return {"unknown": True}
    return {"code": "client", "message": told.getvalue()}


for line in sys.stdin:
    asked = json.loads(line)
    call = by_boto3 if asked["client"] == "boto3" else by_cli
    try:
        told = call(asked["service"], asked["operation"], asked["input"])
    except Exception as error:  # The test says what was wrong with the client.
        told = {"code": type(error).__name__, "message": str(error)}
    print(json.dumps(told, default=str), flush=True)
