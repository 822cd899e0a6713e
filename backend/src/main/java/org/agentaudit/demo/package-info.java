/// Demonstration data: published benchmark runs and one made-up incident, moved to the weeks before
/// today and taken in through the same pipeline as everybody's events. Start at
/// [org.agentaudit.demo.DemoData]. Uses `event`, `store`, `ingest` and `access`.
@NullMarked
package org.agentaudit.demo;

import org.jspecify.annotations.NullMarked;
