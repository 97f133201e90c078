"""Signatures, against the examples that Amazon prints.

Source: AWS, Examples: Signature Calculations, https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hashlib
from datetime import UTC, datetime

import pytest

from zhicheng.core.lake.errors import CopyMisplaced
from zhicheng.core.lake.policy.buckets import read_bucket
from zhicheng.core.lake.policy.signing import Access, Call, sign

AT = datetime(2013, 5, 24, tzinfo=UTC)
ACCESS = Access("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
HOST = "examplebucket.s3.amazonaws.com"
WELCOME = hashlib.sha256(b"Welcome to Amazon S3.").hexdigest()
STORED = {"date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"}


class TestSign:
    @pytest.mark.parametrize(
        ("call", "signature"),
        [
            (
                Call("GET", HOST, "/test.txt", headers={"range": "bytes=0-9"}),
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ),
            (
                Call("PUT", HOST, "/test$file.text", headers=STORED, body_digest=WELCOME),
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
            ),
            (
                Call("GET", HOST, "/", {"lifecycle": ""}),
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            ),
            (
                Call("GET", HOST, "/", {"prefix": "J", "max-keys": "2"}),
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ),
        ],
    )
    def test_is_as_amazon_prints_it(self, call: Call, signature: str) -> None:
        assert sign(call, ACCESS, now=AT)["authorization"].endswith(f"Signature={signature}")

    def test_sends_the_token_of_a_session(self) -> None:
        headers = sign(Call("GET", HOST, "/"), Access("key", "secret", token="for an hour"), now=AT)
        assert headers["x-amz-security-token"] == "for an hour"
        assert "x-amz-security-token" in headers["authorization"]

    def test_shows_no_secret(self) -> None:
        assert "wJalr" not in repr(ACCESS)


class TestReadBucket:
    @pytest.mark.parametrize("address", ["", "city/lake", "http://city/lake", "s3://", "s3://City/lake", "s3://c?x=1"])
    def test_refuses_what_is_no_address(self, address: str) -> None:
        with pytest.raises(CopyMisplaced):
            read_bucket(address)

    @pytest.mark.parametrize("endpoint", ["store.example.cn", "ftp://store", "https://key@store", "https://store/path"])
    def test_refuses_what_is_no_endpoint(self, endpoint: str) -> None:
        with pytest.raises(CopyMisplaced):
            read_bucket("s3://city/lake", endpoint=endpoint)

    def test_asks_in_the_way_of_the_store(self) -> None:
        beside = read_bucket("s3://city/lake", endpoint="http://127.0.0.1:9000")
        within = read_bucket("s3://city/lake", endpoint="https://oss-cn-shenzhen.aliyuncs.com", is_virtual=True)
        assert (beside.asked_host, beside.path_of("a/b"), beside.path_of("")) == (
            "127.0.0.1:9000",
            "/city/lake/a/b",
            "/city",
        )
        assert (within.asked_host, within.path_of("a/b"), within.path_of("")) == (
            "city.oss-cn-shenzhen.aliyuncs.com",
            "/lake/a/b",
            "/",
        )
