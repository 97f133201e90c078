"""A store that speaks S3, in a process of its own: moto, which here checks every signature."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import lru_cache

import boto3
import httpx

REGION = "cn-south-1"


@dataclass(frozen=True)
class Store:
    """Where it answers, and the key of its only user."""

    url: str
    key_id: str
    secret: str

    def options(self) -> dict[str, str]:
        """As deltalake wants them."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret,
        }

    @lru_cache  # noqa: B019  # a handful in a run, and making one takes long
    def client(self, service: str = "s3"):
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=self.key_id,
            aws_secret_access_key=self.secret,
        )

    def keys(self, bucket: str) -> dict[str, int]:
        """Every object with its size."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return {each["Key"]: each["Size"] for page in pages for each in page.get("Contents", ())}


def start_store() -> "tuple[subprocess.Popen[bytes], Store]":
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "3"}
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    _wait(process, url)
    iam = Store(url, "nobody", "nothing").client("iam")
    iam.create_user(UserName="city")
    policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    iam.put_user_policy(UserName="city", PolicyName="all", PolicyDocument=policy)
    key = iam.create_access_key(UserName="city")["AccessKey"]
    return process, Store(url, key["AccessKeyId"], key["SecretAccessKey"])


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("the store ended at once")
        try:
            httpx.get(f"{url}/moto-api/data.json")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the store does not answer")
