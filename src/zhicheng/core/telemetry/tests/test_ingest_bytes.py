"""Loops over bytes: keys, frames of the broker, payloads, topics, bulk bodies."""

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.core.telemetry.base.bulk import read_bulk
from zhicheng.core.telemetry.base.frames import COLUMNS, split_frames
from zhicheng.core.telemetry.base.payloads import READ, SLOW, Payload, read_payloads, read_slowly
from zhicheng.core.telemetry.base.topics import streams_of
from zhicheng.core.telemetry.errors import BulkUnreadable
from zhicheng.core.telemetry.gate.directory import StreamDirectory
from zhicheng.core.telemetry.values import Refusal, to_us
from zhicheng.kit.clock import parse_instant

ACK = b"$JS.ACK.$MQTT_msgs.c.1.%d.5.1763900000000000123.9"


def joined(parts):
    data = np.frombuffer(b"".join(parts) or b" ", np.uint8).copy()
    ends = np.cumsum([len(part) for part in parts]).astype(np.int64)
    return data, np.concatenate([[0], ends[:-1]]).astype(np.int64), ends


def read(*payloads):
    return read_payloads(*joined(payloads))


def message(subject: bytes, payload: bytes, sequence: int) -> bytes:
    head = b"NATS/1.0\r\nNmqtt-Pub:1\r\n\r\n"
    line = b"HMSG %s 1 %s %d %d\r\n" % (subject, ACK % sequence, len(head), len(head) + len(payload))
    return line + head + payload + b"\r\n"


class TestPayloads:
    def test_reads_the_usual_forms_without_json(self):
        value, at_us, state = read(b"21.5", b" -3 ", b'{"v":1.25,"t":1763900000000}', b'{"t": 1763900000, "v": 7}')
        assert value.tolist() == [21.5, -3.0, 1.25, 7.0]
        assert at_us.tolist() == [0, 0, 1763900000000000, 1763900000000000]
        assert (state == READ).all()

    @pytest.mark.parametrize(
        "said", ["2026-01-05T08:00:00+08:00", "2026-02-28T23:59:59.123456Z", "2024-02-29T00:00:00-05:30"]
    )
    def test_reads_iso_instants_as_python_does(self, said):
        _, at_us, state = read(b'{"v": 1, "t": "%s"}' % said.encode())
        assert state[0] == READ
        assert at_us[0] == to_us(parse_instant(said))

    @pytest.mark.parametrize(
        "day", ["2026-02-29", "2024-02-30", "2026-04-31", "2100-02-29", "2026-13-01", "2026-00-10"]
    )
    def test_takes_no_day_that_there_is_not(self, day):
        payload = b'{"v": 1, "t": "%sT08:00:00Z"}' % day.encode()
        assert read(payload)[2][0] == SLOW
        assert isinstance(read_slowly(payload), Refusal)

    @given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
    def test_reads_numbers_to_the_last_bit(self, number):
        value, _, state = read(str(number).encode())
        assert state[0] == SLOW or value[0] == float(str(number))

    @given(st.binary(max_size=40))
    def test_survives_any_bytes(self, payload):
        _, _, state = read(payload, b"1")
        assert state[1] == READ
        assert isinstance(read_slowly(payload), Payload | Refusal)

    def test_leaves_the_rest_to_json(self):
        _, _, state = read(b"1e5", b'{"v":"on"}', b'{"v":1,"v":2}', b'{"v":1', b"", b"[1]")
        assert (state == SLOW).all()
        assert read_slowly(b"1e5") == Payload(100000.0, None, 0)
        assert read_slowly(b'{"result": true, "phenomenonTime": 1763900000000}') == Payload(1.0, None, 1763900000000000)
        assert read_slowly(b"[1]") is Refusal.UNREADABLE
        assert read_slowly(b'{"v": null}') is Refusal.NOT_A_NUMBER


class TestFrames:
    def test_takes_messages_apart_and_keeps_a_cut_one_for_later(self):
        whole = message(b"$MQTT.msgs.zc.v1.d1.t", b"21.5", 77)
        data = b"PING\r\n+OK\r\n" + whole + message(b"$MQTT.msgs.zc.v1.d2.t", b"7", 78) + whole[:-3]
        found = np.zeros((10, COLUMNS), np.int64)
        count, used, pings = split_frames(np.frombuffer(data, np.uint8).copy(), len(data), found)
        assert (count, pings, len(data) - used) == (2, 1, len(whole) - 3)
        assert data[found[0, 0] : found[0, 1]] == b"$MQTT.msgs.zc.v1.d1.t"
        assert data[found[0, 2] : found[0, 3]] == b"21.5"
        assert found[:2, 4].tolist() == [77, 78]
        assert found[0, 5] == 1763900000000000

    def test_reads_nothing_out_of_every_beginning_of_a_message(self):
        whole = message(b"$MQTT.msgs.zc.v1.d1.t", b"21.5", 77)
        found = np.zeros((4, COLUMNS), np.int64)
        for size in range(len(whole)):
            count, used, _ = split_frames(np.frombuffer(whole, np.uint8).copy(), size, found)
            assert (count, used) == (0, 0)


class TestTopics:
    def test_name_streams_by_key_or_by_number(self, tmp_path):
        directory = StreamDirectory(tmp_path)
        directory.put(["d1/t", "d2/t"], np.array([5, 6]))
        subjects = [
            b"$MQTT.msgs.zc.v1.d2.t",
            b"$MQTT.msgs.v1//1.Datastreams(42).Observations",
            b"$MQTT.msgs.zc.v1.d3.t",
            b"$MQTT.msgs.zc.v1.",
            b"elsewhere",
        ]
        data, starts, ends = joined(subjects)
        assert streams_of(data, starts, ends, directory.table).tolist() == [6, 42, 0, 0, 0]


class TestStreamDirectory:
    def test_finds_every_key_after_growing_and_in_another_process(self, tmp_path):
        directory, reader = StreamDirectory(tmp_path), StreamDirectory(tmp_path)
        keys = [f"SZ-{number:06d}/level" for number in range(50_000)]
        assert directory.put(keys[:10], np.arange(1, 11)) == 10
        assert directory.put(keys, np.arange(1, len(keys) + 1)) == len(keys) - 10
        assert (reader.find_keys(keys) == np.arange(1, len(keys) + 1)).all()
        assert reader.find_keys(["SZ-000001/leve", "", "SZ-000001/level/"]).tolist() == [0, 0, 0]

    def test_forgets_a_removed_key(self, tmp_path):
        directory = StreamDirectory(tmp_path)
        directory.put(["a/b", "c/d"], np.array([1, 2]))
        directory.put(["a/b"], np.array([-1]))
        assert directory.find_keys(["a/b", "c/d"]).tolist() == [0, 2]


class TestReadBulk:
    def test_reads_columns_rows_and_arrow_alike(self):
        at_ms = 1763900000000
        table = pa.table({"stream": [1, 2], "at": pa.array([at_ms, at_ms + 1]), "value": [1.5, None]})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        columns = json.dumps({"stream": [1, 2], "at": [at_ms, at_ms + 1], "value": [1.5, None]}).encode()
        row = {"stream": 2, "at": "2025-11-23T12:13:20.001Z"}
        rows = json.dumps([{"stream": 1, "at": at_ms, "value": 1.5}, row]).encode()
        for body in (columns, rows, sink.getvalue().to_pybytes()):
            batch = read_bulk(body, "").batch
            assert batch.stream.tolist() == [1, 2]
            assert batch.at_us.tolist() == [at_ms * 1000, at_ms * 1000 + 1000]
            assert batch.value[0] == 1.5
            assert np.isnan(batch.value[1])

    @pytest.mark.parametrize(
        "body",
        [b"", b"{}", b"[1]", b'{"stream":[1],"value":[1,2]}', b'{"stream":["x"],"value":[1]}', b"\xff\xff\xff\xffx"],
    )
    def test_says_what_is_wrong(self, body):
        with pytest.raises(BulkUnreadable):
            read_bulk(body, "")
