/// What model requests cost: the price table and how a model's name finds its row (metrics "Cost").
/// Start at [org.agentaudit.pricing.PriceTable]. Uses `event`.
@NullMarked
package org.agentaudit.pricing;

import org.jspecify.annotations.NullMarked;
