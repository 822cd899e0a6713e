/// What messages of agents that work together show although no record says that anything failed.
/// Start at [org.agentaudit.analysis.conversation.Conversation]; each [Sign] is one rule. Linear in
/// the number of events, pure, and without knowledge of the database. Uses `event` and `query`.
@NullMarked
package org.agentaudit.analysis.conversation;

import org.jspecify.annotations.NullMarked;
