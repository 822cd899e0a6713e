/// Load for measuring ingest, and what it is measured against. [IngestBench] sends generated events
/// over HTTP and loads the rows that came of them by plain COPY into copies of the same tables, in
/// the same run; it knows the portal from outside: its HTTP door and its tables. [ReportsBench]
/// fills the store itself and asks the GraphQL engine for every report. [ForensicsBench] holds
/// forensics against runs that people have labelled.
@NullMarked
package org.agentaudit.bench;

import org.jspecify.annotations.NullMarked;
