/// Leaves and archives: what an event is proven by, and files that keep events with it (README,
/// decision 11). Start at [org.agentaudit.proof.Prover], [org.agentaudit.proof.ArchiveWriter] and
/// [org.agentaudit.proof.ArchiveReader]. Plain computation and streams, no database. Uses `event`.
///
/// # Format of a leaf, version 1
/// The leaf of an event is the RFC 6962 leaf hash, SHA-256(0x00 || text), of a text: one JSON
/// object in the form of RFC 8785 (members sorted, no space) in UTF-8. Its members:
///
/// - `leafVersion`: 1.
/// - Strings: `action`, `agentId`, `conversationId`, `errorType`, `handoffFrom`, `handoffTo`, `id`
///   and `parentEventId` (UUIDs in lower case), `intervention`, `model`, `outcome`,
///   `permissionLevel`, `producer`, `sessionId`, `source`, `sourceFormat`, `summary` (the masked
///   one), `taskId`, `tier`, `traceId`, `type`, `typeName`, `version`.
/// - `occurredAt`, `receivedAt`: strings, UTC, always six digits of a second:
///   `2026-11-21T14:03:00.250000Z`.
/// - Whole numbers that may go beyond 2^53, as strings of digits, since RFC 8785 numbers are
///   doubles: `inputTokens`, `outputTokens`, `cachedTokens`, `seq`.
/// - `costUsd`: a string, decimal, without exponent and without zeros at its end.
/// - Numbers: `confidence`, `durationMs`, `handoffDepth`, `paramCount`. `true` or `false`:
///   `errored`, `sensitive`, `traceDerived`.
/// - `redactions`: array of `{detector, pointer}`; `resources`: array of `{identifier, type}`; both
///   in the order stored.
/// - `commitments`: object with one member for each stated part of the content, 64 hexadecimal
///   digits each.
///
/// A member whose value is absent is left out, and so is an empty array or object. So a member that
/// a later version adds leaves the leaves of older events as they are. The place of the event
/// (`arrival`) is not part of its leaf: the place of the leaf says it.
///
/// The commitment to a part is SHA-256(key || text of the part), where the text is exactly what is
/// stored, in UTF-8, and the key is the first 16 bytes of HMAC-SHA-256(salt, name of the part). The
/// salt is 16 random bytes of each event. It is stored with the content and removed with it: what
/// is left then cannot be guessed from, and the leaf stays as it was. Names of the parts: `params`,
/// `result`, `reasoning`, `decision`, `error_message`, `user_id`, `summary`, `unmapped`.
///
/// # Format of an archive, version 1
/// Lines of JSON in UTF-8, packed with zstd. The last member of every line is `sum`: the SHA-256 of
/// the line up to the comma before it. The first line says `format` (`agent-audit-archive`),
/// `formatVersion`, `portal` (version), `from`, `to` (earliest and latest occurred_at) and
/// `events`. Then one line per event:
///
/// - `envelope`: the text of its leaf, as above, commitments included;
/// - `leaf`: absent for an event stored before leaves were written, which nothing proves;
/// - `content`: the stored texts by name of the part; absent when the content had gone; `salt`;
/// - `arrival`: the place it had, batch << 20 | position; `digest` and `redactionRules`: what
///   decides whether the same id comes again with the same body.
/// The last line says `end` (number of events), `leaves` (SHA-256 of all leaves, one after the
/// other) and `lines` (SHA-256 of all lines before it, line breaks included). Bytes are
/// hexadecimal.
///
/// # Worked example of a leaf
///
/// Checked by `ProverTest`. Salt `000102030405060708090a0b0c0d0e0f`, content `user_id` = `maria`.
///
/// The text, in one line, and its leaf:
///
/// ```
/// {"action":"transfer","agentId":"ops/planner","cachedTokens":"0",
/// "commitments":{"user_id":"3fd60c43fed4140e50dc8a5efae072b590f4e0e5e15010d6fe88a4412db7d6e4"},
/// "costUsd":"0.0125","durationMs":250.5,"errored":false,
/// "id":"0192f7a0-0000-7000-8000-000000000001","inputTokens":"9007199254740993",
/// "leafVersion":1,"occurredAt":"2026-11-21T14:03:00.250000Z","outcome":"SUCCESS",
/// "outputTokens":"12","paramCount":2,"receivedAt":"2026-11-21T14:03:01.000000Z",
/// "resources":[{"identifier":"acct-7","type":"account"}],"source":"AGENT",
/// "sourceFormat":"AUDIT_EVENT","summary":"transfer","tier":"INFO","traceDerived":false,
/// "traceId":"t-1","type":"TOOL_CALL","typeName":"agent.tool_call"}
///
/// leaf 7a19161b6dc8fe98c6ae1ad3ab44592add9ede822fff9685b706e6d034f58d4b
/// ```
@NullMarked
package org.agentaudit.proof;

import org.jspecify.annotations.NullMarked;
