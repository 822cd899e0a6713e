package org.agentaudit.web;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// Routes that use the plumbing the way features do; only where a test asks for them.
@Requires(property = TestRoutes.SWITCH)
@Controller("/test")
@ExecuteOn(TaskExecutors.BLOCKING)
class TestRoutes {
    static final String SWITCH = "test.routes";

    private final Pages pages;
    private final AccessLog accessLog;

    TestRoutes(Pages pages, AccessLog accessLog) {
        this.pages = pages;
        this.accessLog = accessLog;
    }

    @Get("/auditors")
    @Secured("AUDITOR")
    String auditors(Viewer viewer) {
        accessLog.record(viewer, AccessAction.REPORT_VIEWED, "/test/auditors", null);
        return viewer.username() + " " + viewer.roles() + " " + viewer.agentScope();
    }

    @Get("/anybody")
    @Secured(SecurityRule.IS_ANONYMOUS)
    String anybody(@Nullable Viewer viewer) {
        return viewer == null ? "nobody" : viewer.username();
    }

    @Get("/unsecured")
    String unsecured() {
        return "a route that forgot to say who may call it";
    }

    @Get("/denied")
    @Secured(SecurityRule.IS_AUTHENTICATED)
    String denied() {
        throw new AccessDeniedException("This needs the role CHIEF.");
    }

    @Get("/broken")
    @Secured(SecurityRule.IS_AUTHENTICATED)
    String broken() {
        throw new IllegalStateException("secret of the house");
    }

    @Get("/broken-template")
    @Secured(SecurityRule.IS_AUTHENTICATED)
    HttpResponse<String> brokenTemplate() {
        return pages.render("login", "not the record this template is made for");
    }
}
