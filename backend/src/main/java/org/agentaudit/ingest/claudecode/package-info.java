/// Claude Code: what its hooks send and what its transcripts hold. One action is told by hook,
/// transcript and telemetry; [org.agentaudit.ingest.claudecode.CallNames] gives it the same name in
/// all of them, so it is stored once. Start at [org.agentaudit.ingest.claudecode.HookDecoder] and
/// [org.agentaudit.ingest.claudecode.Transcripts]. Uses `ingest.normal`, `ingest.jsonl` and
/// `event`.
@NullMarked
package org.agentaudit.ingest.claudecode;

import org.jspecify.annotations.NullMarked;
