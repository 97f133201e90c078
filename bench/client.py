"""The outside client: a process of its own that posts appeals over keep-alive connections and times each answer.

`python -m bench.client URL CONNECTIONS SECONDS SEED` prints JSON: count, failures, seconds, latencies_ms.
"""

import asyncio
import json
import random
import sys
import time
import uuid
from urllib.parse import urlsplit

_TEXTS = (
    "路口的路灯坏了三天，晚上走路看不清，老人差点摔倒",
    "楼下烧烤店油烟直排，每天晚上呛得睡不着觉",
    "工地半夜十二点还在打桩，整栋楼都被吵醒",
    "小区门口井盖松动，汽车压过去响得很，怕有人掉下去",
    "房东电费一度收一块五，还说不交就停电",
    "垃圾桶好几天没人清了，苍蝇满天飞，味道很大",
    "共享单车把盲道堵死了，轮椅根本过不去",
    "电梯老是坏，昨天把我困在里面二十分钟",
    "公司拖欠三个月工资，一直说下周发",
    "暴雨以后路面积水，半天都退不下去",
)
_PLACES = ("福田区莲花街道景田路", "南山区粤海街道科技园", "龙岗区布吉街道", "宝安区西乡街道", "罗湖区东门老街")

# Well inside five districts, so that no point falls into the sea.
_CENTRES = ((114.055, 22.545), (113.94, 22.55), (114.11, 22.565), (114.25, 22.72), (113.88, 22.6))


async def main() -> None:
    """Load the address for the given seconds."""
    url, connections, seconds, seed = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    target = urlsplit(url)
    end = time.perf_counter() + seconds
    started = time.perf_counter()
    clients = [
        _client(target.hostname or "", target.port or 80, end, random.Random(seed * 1000 + i)) for i in range(connections)
    ]
    found = await asyncio.gather(*clients)
    latencies = sorted(value for part, _ in found for value in part)
    failures = sum(failed for _, failed in found)
    result = {"count": len(latencies), "failures": failures, "seconds": time.perf_counter() - started}
    print(json.dumps({**result, "latencies_ms": latencies}))


async def _client(host: str, port: int, end: float, chance: random.Random) -> tuple[list[float], int]:
    latencies: list[float] = []
    failures = 0
    reader, writer = await asyncio.open_connection(host, port)
    while (began := time.perf_counter()) < end:
        writer.write(_request(host, port, chance))
        status = await _answer(reader)
        if status == 201:
            latencies.append((time.perf_counter() - began) * 1000)
        else:
            failures += 1
    writer.close()
    return latencies, failures


def _request(host: str, port: int, chance: random.Random) -> bytes:
    appeal: dict[str, object] = {"text": f"{chance.choice(_TEXTS)}（{chance.randrange(10**6)}）"}
    if chance.random() < 0.7:
        longitude, latitude = chance.choice(_CENTRES)
        appeal |= {
            "longitude": longitude + chance.uniform(-0.01, 0.01),
            "latitude": latitude + chance.uniform(-0.008, 0.008),
        }
    else:
        appeal["address"] = chance.choice(_PLACES)
    if chance.random() < 0.7:
        appeal |= {"name": "陈女士", "phone": f"138{chance.randrange(10**8):08d}"}
    body = json.dumps(appeal, ensure_ascii=False).encode()
    head = (
        f"POST /api/v1/appeals HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: {uuid.UUID(int=chance.getrandbits(128))}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
        return status
    length = int(lowered.split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return status


if __name__ == "__main__":
    asyncio.run(main())
