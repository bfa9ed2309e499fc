// Reads the whole published stream with the NATS client and the CloudEvents SDK, and prints one line
// of JSON an event: node consume.mjs URL STREAM
//
// The SDK has no NATS binding. Structured mode is the JSON event format, which its HTTP binding reads
// as it is; in binary mode each value is percent-encoded (NATS binding 1.0.3, 3.1.3.2), which the HTTP
// binding of the SDK leaves as it is, so it is decoded here.

import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { HTTP } from 'cloudevents';

const [url, stream] = process.argv.slice(2);
const connection = await connect({ servers: url });
const manager = await jetstreamManager(connection);
const many = (await manager.streams.info(stream)).state.messages;
const durable = 'js';
await manager.consumers.add(stream, {
  durable_name: durable,
  ack_policy: AckPolicy.Explicit,
  deliver_policy: DeliverPolicy.All,
});
const consumer = await jetstream(connection).consumers.get(stream, durable);

let read = 0;
while (read < many) {
  const wanted = { max_messages: Math.min(500, many - read), expires: 5000 };
  for await (const message of await consumer.fetch(wanted)) {
    const event = HTTP.toEvent({ headers: headersOf(message), body: message.string() });
    event.validate();
    const { id, source, type, subject, time, data, position, actor, division, drill } = event;
    process.stdout.write(`${JSON.stringify({
      under: message.subject, id, source, type, subject, time, position, actor, division, drill, data,
    })}\n`);
    message.ack();
    read += 1;
  }
}
await connection.drain();

/** The headers of a NATS message as those of an HTTP message. */
function headersOf(message) {
  const headers = {};
  for (const [name, [value]] of message.headers ?? []) {
    headers[name.toLowerCase()] = name.startsWith('ce-') ? decodeURIComponent(value) : value;
  }
  return headers;
}
