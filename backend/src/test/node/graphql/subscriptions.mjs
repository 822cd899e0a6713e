// The reference clients against a running portal. Arguments: base address; the access token comes in the environment.
// Prints one JSON line per step; the Java test stores events when it reads {"ready": ...}.
import { createClient as webSocketClient } from 'graphql-ws';
import { createClient as streamClient } from 'graphql-sse';
import WebSocket from 'ws';

const base = process.argv[2];
const token = process.env.PORTAL_TOKEN;
const bearer = { Authorization: `Bearer ${token}` };
const query = 'subscription ($filter: EventFilter) { eventStored(filter: $filter) { action agentId trace { id eventCount } } }';

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');

// One answer of an operation.
const single = (client, payload) =>
  new Promise((resolve, reject) => {
    let answer;
    client.subscribe(payload, { next: (next) => (answer = next), error: reject, complete: () => resolve(answer) });
  });

// The first `count` answers of a subscription, which is ended then.
const several = async (client, payload, count) => {
  const answers = [];
  for await (const answer of client.iterate(payload)) {
    answers.push(answer);
    if (answers.length === count) break;
  }
  return answers;
};

const viaSocket = webSocketClient({
  url: base.replace(/^http/, 'ws') + '/graphql-ws',
  webSocketImpl: WebSocket,
  connectionParams: bearer,
  keepAlive: 200,
  // one connection for all operations, as an application has
  lazyCloseTimeout: 10_000,
  retryAttempts: 0,
});
const viaStream = streamClient({ url: base + '/graphql', headers: bearer, retryAttempts: 0 });

for (const [name, client] of [['socket', viaSocket], ['stream', viaStream]]) {
  say({ [name + 'Query']: await single(client, { query: '{ me { username } }' }) });
  const refused = await single(client, { query: 'subscription { eventStored { nothing } }' }).then(
    (answer) => answer.errors,
    (error) => error,
  );
  say({ [name + 'Refused']: refused[0]?.extensions?.code ?? `${refused.code} ${refused.reason} ${refused}` });
  const payload = { query, variables: { filter: { actions: ['node-' + name] } } };
  const answers = several(client, payload, 2);
  setTimeout(() => say({ ready: name }), 500);
  say({ [name]: await answers });
}

// A wrong token is refused at the door, and the client is told how.
const closed = new Promise((resolve) => {
  const stranger = webSocketClient({
    url: base.replace(/^http/, 'ws') + '/graphql-ws',
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: 'Bearer nobody' },
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
    on: { closed: (event) => resolve(event.code) },
  });
});
say({ stranger: await closed });

await viaSocket.dispose();
viaStream.dispose();
process.exit(0);
