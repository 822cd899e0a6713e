package org.agentaudit.graphql;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import org.agentaudit.web.Pages;

/// The editor GraphiQL with examples, all of it from the portal itself. It shows no data by itself:
/// what is typed runs through `/graphql` as anybody's query does.
@Controller("/graphiql")
@Secured(SecurityRule.IS_AUTHENTICATED)
@Produces(MediaType.TEXT_HTML)
@ExecuteOn(TaskExecutors.BLOCKING)
class GraphiqlController {

    /// The editor's style sheet brings its fonts along as data.
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " font-src 'self' data:; frame-ancestors 'none'; base-uri 'none';"
                    + " form-action 'self'; object-src 'none'";

    private final QueryExamples examples;
    private final Pages pages;

    GraphiqlController(QueryExamples examples, Pages pages) {
        this.examples = examples;
        this.pages = pages;
    }

    @Get
    HttpResponse<?> editor() {
        return pages.render("graphql/graphiql", new GraphiqlPage(examples.all()))
                .header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    }
}
