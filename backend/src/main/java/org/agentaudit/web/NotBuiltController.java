package org.agentaudit.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;

/// Downloads of the contract that are not built yet. Without these routes their addresses would be
/// taken for a day or an agent with a strange name.
@Controller
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
class NotBuiltController {
    private final Problems problems;

    NotBuiltController(Problems problems) {
        this.problems = problems;
    }

    @Get(uris = {"/agents/{id}.json", "/agents/{id}.csv"})
    @Produces({MediaType.ALL, MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
    HttpResponse<?> notBuilt(HttpRequest<?> request) {
        return problems.answer(
                request,
                HttpStatus.NOT_IMPLEMENTED,
                "This download is not built yet. The page shows the same figures, and GraphQL at"
                        + " /graphql answers them as JSON.");
    }
}
