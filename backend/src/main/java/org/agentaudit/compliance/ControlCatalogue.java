package org.agentaudit.compliance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.compliance.FrameworkCoverage.ControlStatus;
import org.jspecify.annotations.Nullable;

/// The control catalogue: which checks speak for which controls of laws and standards. It is data
/// (`resources/compliance/*.json`), with the version of each text and the day from which each
/// control applies.
@Singleton
public class ControlCatalogue {

    private static final List<String> FILES =
            List.of("eu-ai-act", "iso-42001", "nist-ai-rmf", "soc-2", "hipaa", "pci-dss", "gdpr");

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    /// A framework as its file has it.
    record Framework(String framework, String version, String source, List<Control> controls) {
        Framework {
            requireText(framework, "framework");
            requireText(version, "version");
            requireText(source, "source");
            controls = List.copyOf(Objects.requireNonNull(controls, "controls"));
            Set<String> ids = new HashSet<>();
            for (Control control : controls) {
                if (!ids.add(control.id())) {
                    throw new IllegalArgumentException(framework + ": twice " + control.id());
                }
            }
        }
    }

    /// A control as its file has it.
    record Control(
            String id,
            String title,
            LocalDate appliesFrom,
            List<String> checks,
            String cannotShow,
            @Nullable String note) {
        Control {
            requireText(id, "id");
            requireText(title, "title");
            requireText(cannotShow, "cannotShow");
            Objects.requireNonNull(appliesFrom, "appliesFrom");
            checks = List.copyOf(Objects.requireNonNull(checks, "checks"));
            for (String check : checks) {
                if (Checks.byId(check) == null) {
                    throw new IllegalArgumentException(id + ": there is no check " + check);
                }
            }
        }
    }

    private final List<Framework> frameworks;
    private final Map<String, List<ControlRef>> byCheck = new LinkedHashMap<>();

    /// @throws IllegalArgumentException for a file that says too little or names no check of ours
    public ControlCatalogue() {
        this.frameworks = FILES.stream().map(ControlCatalogue::read).toList();
        Checks.ALL.forEach(check -> byCheck.put(check.id(), new ArrayList<>()));
        for (Framework framework : frameworks) {
            for (Control control : framework.controls()) {
                for (String check : control.checks()) {
                    refs(check).add(ref(framework, control));
                }
            }
        }
    }

    List<Framework> frameworks() {
        return frameworks;
    }

    /// Controls that a check speaks for, in the order of the catalogue.
    public List<ControlRef> controls(String check) {
        return List.copyOf(refs(check));
    }

    /// What results say about every control.
    ///
    /// @param lastDay last day of their period
    public List<FrameworkCoverage> coverage(List<CheckResult> results, LocalDate lastDay) {
        Map<String, Verdict> verdicts =
                results.stream()
                        .collect(Collectors.toMap(CheckResult::check, CheckResult::verdict));
        return frameworks.stream()
                .map(
                        framework ->
                                new FrameworkCoverage(
                                        framework.framework(),
                                        framework.version(),
                                        framework.source(),
                                        framework.controls().stream()
                                                .map(
                                                        control ->
                                                                status(
                                                                        framework,
                                                                        control,
                                                                        verdicts::get,
                                                                        lastDay))
                                                .toList()))
                .toList();
    }

    private static ControlStatus status(
            Framework framework,
            Control control,
            Function<String, @Nullable Verdict> verdicts,
            LocalDate lastDay) {
        boolean inForce = !control.appliesFrom().isAfter(lastDay);
        List<String> notes = new ArrayList<>();
        if (!inForce) {
            notes.add(
                    "Not in force at the end of the period: applies from %s."
                            .formatted(control.appliesFrom()));
        }
        if (control.checks().isEmpty()) {
            notes.add("No check speaks for this control.");
        }
        String note = control.note();
        if (note != null) {
            notes.add(note);
        }
        return new ControlStatus(
                ref(framework, control),
                Verdicts.worst(
                        control.checks().stream().map(verdicts).filter(Objects::nonNull).toList()),
                control.checks(),
                control.appliesFrom(),
                inForce,
                notes.isEmpty() ? null : String.join(" ", notes),
                control.cannotShow());
    }

    private List<ControlRef> refs(String check) {
        return byCheck.getOrDefault(check, new ArrayList<>());
    }

    private static ControlRef ref(Framework framework, Control control) {
        return new ControlRef(framework.framework(), control.id(), control.title());
    }

    private static void requireText(@Nullable String text, String name) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException(name + " is missing");
        }
    }

    private static Framework read(String file) {
        String resource = "/compliance/" + file + ".json";
        try (InputStream stream = ControlCatalogue.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + " is missing");
            }
            return parse(stream.readAllBytes());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(resource + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws JsonProcessingException for a file that is not of the form of [Framework]
    static Framework parse(byte[] json) throws IOException {
        return JSON.readValue(json, Framework.class);
    }
}
