package org.agentaudit.admin;

import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.agentaudit.ingest.IngestCounters;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// The portal's own health: numbers only.
@Controller("/admin/system")
@Produces(MediaType.TEXT_HTML)
@Secured("ADMIN")
@ExecuteOn(TaskExecutors.BLOCKING)
class SystemController {

    private static final long BACKLOG = 10_000;
    private static final long LITTLE_DISK = 5L << 30;
    private static final String[] UNITS = {"kB", "MB", "GB", "TB"};

    private final SystemRepository repository;
    private final IngestCounters counters;
    private final Pages pages;
    private final Clock clock;
    private final Path dataDir;

    SystemController(
            SystemRepository repository,
            IngestCounters counters,
            Pages pages,
            Clock clock,
            @Value("${portal.data-dir:data}") String dataDir) {
        this.repository = repository;
        this.counters = counters;
        this.pages = pages;
        this.clock = clock;
        this.dataDir = Path.of(dataDir).toAbsolutePath().normalize();
    }

    @Get
    HttpResponse<?> page() {
        SystemRepository.Database database = repository.read();
        Long free = free();
        String sentence = "Nothing needs looking at.";
        if (free != null && free < LITTLE_DISK) {
            sentence = "Little disk is left where the data folder lies: " + size(free) + ".";
        } else if (database.unsettled() > BACKLOG) {
            sentence =
                    "Reports lag behind: many traces have still to be taken in. This is normal for a"
                            + " while after a large import.";
        }
        Runtime memory = Runtime.getRuntime();
        SystemPage page =
                new SystemPage(
                        sentence.startsWith("Nothing") ? "ok" : "warn",
                        sentence,
                        Objects.requireNonNullElse(
                                SystemController.class.getPackage().getImplementationVersion(),
                                "(development)"),
                        Runtime.version().toString(),
                        Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()),
                        database.version(),
                        database.schema(),
                        size(database.bytes()),
                        size(memory.totalMemory() - memory.freeMemory())
                                + " of "
                                + size(memory.maxMemory()),
                        free == null ? null : size(free),
                        dataDir.toString(),
                        counters.received(),
                        counters.stored(),
                        counters.duplicates(),
                        counters.rejected(),
                        database.unsettled(),
                        database.findingsDue(),
                        database.sessions(),
                        database.partitions().stream()
                                .map(
                                        one ->
                                                new SystemPage.PartitionRow(
                                                        one.name(),
                                                        one.events(),
                                                        size(one.bytes())))
                                .toList(),
                        clock.instant());
        return pages.render("admin/system", page).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private @Nullable Long free() {
        try {
            return Files.getFileStore(dataDir).getUsableSpace();
        } catch (IOException e) {
            return null; // shown as unknown: the folder may not be there with a database elsewhere
        }
    }

    /// `12.3 MB`, by thousands.
    private static String size(long bytes) {
        double value = bytes / 1000.0;
        int unit = 0;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f\u00A0%s", value, UNITS[unit]);
    }
}
