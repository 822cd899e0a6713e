// The audits of GraphQL over HTTP against a running portal. Arguments: base address; the access token comes in the environment.
// Prints one JSON line per audit: {"id", "name", "status"}, and "reason" where it is not "ok".
import { serverAudits } from 'graphql-http';

const headers = { Authorization: `Bearer ${process.env.PORTAL_TOKEN}` };
const audits = serverAudits({
  url: process.argv[2] + '/graphql',
  fetchFn: (url, init) =>
    fetch(url, { ...init, headers: { ...headers, ...init?.headers }, signal: AbortSignal.timeout(20_000) }),
});
for (const audit of audits) {
  const { status, reason } = await audit.fn();
  process.stdout.write(JSON.stringify({ id: audit.id, name: audit.name, status, reason }) + '\n');
}
process.exit(0);
