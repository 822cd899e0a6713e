package org.agentaudit.incident;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.agentaudit.query.BadInputException;

/// The reporting times of the rule books that the control catalogue names, as data:
/// `incident/reporting-times.json`.
@Singleton
class ReportingTimes {

    private final List<ReportingTime> all;

    ReportingTimes() {
        try (InputStream file =
                ReportingTimes.class.getResourceAsStream("/incident/reporting-times.json")) {
            all =
                    List.copyOf(
                            new ObjectMapper()
                                    .registerModule(new JavaTimeModule())
                                    .readValue(file, new TypeReference<List<ReportingTime>>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// In the order of the file.
    List<ReportingTime> all() {
        return all;
    }

    /// Those with these ids, in the order of the file.
    List<ReportingTime> of(List<String> ids) {
        return all.stream().filter(time -> ids.contains(time.id())).toList();
    }

    /// @throws BadInputException unless each is the id of one
    void require(List<String> ids) {
        Optional<String> unknown =
                ids.stream()
                        .filter(id -> all.stream().noneMatch(time -> time.id().equals(id)))
                        .findFirst();
        if (unknown.isPresent()) {
            throw new BadInputException("'duties' names a reporting time that is not known.");
        }
    }
}
