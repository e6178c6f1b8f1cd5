"""Send numbered events with the stock Python client: python send.py HOST WRITE_KEY COUNT."""

import sys
import time

from segment.analytics.client import Client

host, write_key, count = sys.argv[1:4]
failed: list[str] = []
client = Client(
    write_key,
    host=host,
    max_queue_size=20_000,
    max_retries=20,
    on_error=lambda error, _: failed.append(str(error)),
)
for number in range(int(count)):
    client.track(
        anonymous_id=f"python-{number % 97}", event="Counted", properties={"number": number}
    )
    if number % 200 == 199:
        time.sleep(0.025)
client.shutdown()
if failed:
    sys.exit(f"{len(failed)} deliveries failed, the first: {failed[0]}")
