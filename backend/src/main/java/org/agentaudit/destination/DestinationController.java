package org.agentaudit.destination;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.time.Clock;
import org.agentaudit.web.Pages;

/// The page of destinations: numbers of events, never events.
@Controller("/admin/destinations")
@Produces(MediaType.TEXT_HTML)
@Secured("ADMIN")
@ExecuteOn(TaskExecutors.BLOCKING)
class DestinationController {

    private final Destinations destinations;
    private final Pages pages;
    private final Clock clock;

    DestinationController(Destinations destinations, Pages pages, Clock clock) {
        this.destinations = destinations;
        this.pages = pages;
        this.clock = clock;
    }

    @Get
    HttpResponse<?> list() {
        DestinationListPage page = new DestinationListPage(destinations.shown(), clock.instant());
        return pages.render("destination/list", page).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
