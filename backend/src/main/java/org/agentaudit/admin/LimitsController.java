package org.agentaudit.admin;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.compliance.CheckLimits;
import org.agentaudit.compliance.CheckSettings;
import org.agentaudit.web.Format;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// The page of limits and budgets. They are settings of the portal, so the page names the variable
/// that changes each one.
@Controller("/admin/limits")
@Produces(MediaType.TEXT_HTML)
@Secured("ADMIN")
@ExecuteOn(TaskExecutors.BLOCKING)
class LimitsController {

    private final CheckSettings settings;
    private final Pages pages;
    private final Format format;

    LimitsController(CheckSettings settings, Pages pages, Format format) {
        this.settings = settings;
        this.pages = pages;
        this.format = format;
    }

    @Get
    HttpResponse<?> page() {
        List<LimitsPage.Row> rows = new ArrayList<>();
        for (CheckLimits check : settings.inForce()) {
            for (CheckLimits.Group group : check.groups()) {
                rows.add(row(check, group, group.equals(check.groups().getFirst())));
            }
        }
        return pages.render("admin/limits", new LimitsPage(rows));
    }

    private LimitsPage.Row row(CheckLimits check, CheckLimits.Group group, boolean first) {
        String pattern = group.pattern();
        String others = check.groups().size() == 1 ? "all agents" : "all other agents";
        Long budget = group.tokenBudget();
        String more =
                budget != null
                        ? "budget " + format.count(budget, "token", "tokens") + " a day"
                        : String.join(", ", group.approvalTools());
        return new LimitsPage.Row(
                check,
                first,
                group,
                pattern == null ? others : pattern,
                limit(check, group, group.warnAt()),
                limit(check, group, group.failAt()),
                more);
    }

    private String limit(CheckLimits check, CheckLimits.Group group, @Nullable BigDecimal limit) {
        if (group.off()) {
            return "switched off";
        }
        return limit == null
                ? "–"
                : (check.below() ? "below " : "above ")
                        + format.measure(limit.doubleValue(), check.unit());
    }
}
