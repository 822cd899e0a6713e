/// What model requests cost, for people: page and files. Start at
/// [org.agentaudit.report.cost.CostController].
@NullMarked
package org.agentaudit.report.cost;

import org.jspecify.annotations.NullMarked;
