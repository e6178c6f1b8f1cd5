// Send numbered events with the stock Node client: node send.mjs HOST WRITE_KEY COUNT
import { Analytics } from "@segment/analytics-node";

const [host, writeKey, count] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, maxRetries: 20, flushAt: 100 });
const failed = [];
analytics.on("error", (error) => failed.push(String(error.reason ?? error.code ?? error)));

for (let number = 0; number < Number(count); number += 1) {
  analytics.track({ anonymousId: `node-${number % 97}`, event: "Counted", properties: { number } });
  if (number % 200 === 199) await new Promise((resolve) => setTimeout(resolve, 25));
}
await analytics.closeAndFlush({ timeout: 120_000 });
if (failed.length) {
  console.error(`${failed.length} deliveries failed, the first: ${failed[0]}`);
  process.exit(1);
}
