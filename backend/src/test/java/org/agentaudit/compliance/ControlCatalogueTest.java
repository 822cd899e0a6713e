package org.agentaudit.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.compliance.FrameworkCoverage.ControlStatus;
import org.junit.jupiter.api.Test;

class ControlCatalogueTest {

    private final ControlCatalogue catalogue = new ControlCatalogue();

    private static List<CheckResult> results(Verdict all, String except, Verdict other) {
        return Checks.ALL.stream()
                .map(
                        check ->
                                new CheckResult(
                                        check.id(),
                                        check.title(),
                                        check.id().equals(except) ? other : all,
                                        null,
                                        null,
                                        null,
                                        check.unit(),
                                        "",
                                        null,
                                        0,
                                        0,
                                        null,
                                        List.of()))
                .toList();
    }

    private ControlStatus control(String id, List<CheckResult> results, String day) {
        return catalogue.coverage(results, LocalDate.parse(day)).stream()
                .flatMap(framework -> framework.controls().stream())
                .filter(control -> control.control().control().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void catalogue_hasTheFrameworks_eachWithVersionSourceAndDates() {
        assertThat(catalogue.frameworks())
                .extracting(ControlCatalogue.Framework::framework)
                .containsExactly(
                        "EU AI Act",
                        "ISO/IEC 42001",
                        "NIST AI RMF",
                        "SOC 2",
                        "HIPAA Security Rule",
                        "PCI DSS",
                        "GDPR");
        for (ControlCatalogue.Framework framework : catalogue.frameworks()) {
            assertThat(framework.version()).isNotBlank();
            assertThat(framework.source()).startsWith("https://");
            assertThat(framework.controls()).hasSizeGreaterThan(4);
            for (ControlCatalogue.Control control : framework.controls()) {
                assertThat(control.appliesFrom())
                        .isBetween(LocalDate.of(2000, 1, 1), LocalDate.of(2030, 1, 1));
                assertThat(control.cannotShow()).endsWith(".");
            }
        }
    }

    @Test
    void everyCheck_speaksForAControl() {
        assertThat(Checks.ALL)
                .allSatisfy(
                        check ->
                                assertThat(catalogue.controls(check.id()))
                                        .as(check.id())
                                        .isNotEmpty());
    }

    @Test
    void control_isTheWorstOfItsChecks() {
        assertThat(
                        control(
                                        "26(6)",
                                        results(Verdict.PASS, "retention_enforced", Verdict.FAIL),
                                        "2026-11-21")
                                .verdict())
                .isEqualTo(Verdict.FAIL);
        assertThat(
                        control(
                                        "26(6)",
                                        results(Verdict.INSUFFICIENT_EVIDENCE, "", Verdict.PASS),
                                        "2026-11-21")
                                .verdict())
                .isEqualTo(Verdict.INSUFFICIENT_EVIDENCE);
    }

    @Test
    void control_withoutAnyCheck_hasNoEvidence() {
        ControlStatus incidents =
                control("73", results(Verdict.PASS, "", Verdict.PASS), "2028-01-01");
        assertThat(incidents.verdict()).isEqualTo(Verdict.INSUFFICIENT_EVIDENCE);
        assertThat(incidents.note()).contains("No check speaks for this control");
    }

    /// The day from which the law applies is printed, not the one from before it was moved.
    @Test
    void control_notYetInForce_saysSo() {
        List<CheckResult> results = results(Verdict.PASS, "", Verdict.PASS);
        ControlStatus before = control("12(1)", results, "2027-12-01");
        assertThat(before.inForce()).isFalse();
        assertThat(before.note())
                .startsWith("Not in force at the end of the period: applies from 2027-12-02.");
        assertThat(control("12(1)", results, "2027-12-02").inForce()).isTrue();
        assertThat(control("5(1)(e)", results, "2026-11-21").note()).isNull();
    }

    @Test
    void file_thatSaysTooLittle_isRefused() {
        String control =
                "{\"id\":\"1\",\"title\":\"t\",\"appliesFrom\":\"2026-01-01\",\"checks\":[],\"cannotShow\":\"c\"}";
        List<String> wrong = new ArrayList<>();
        wrong.add(control.replace("\"2026-01-01\"", "null"));
        wrong.add(control.replace("[]", "[\"no_such_check\"]"));
        wrong.add(control.replace("\"cannotShow\":\"c\"", "\"cannotShow\":\" \""));
        wrong.add(control.replace("cannotShow", "cannot"));
        wrong.add(control + "," + control);
        String file = "{\"framework\":\"f\",\"version\":\"v\",\"source\":\"s\",\"controls\":[%s]}";
        assertThat(read(file.formatted(control)).controls()).hasSize(1);
        for (String controls : wrong) {
            assertThatThrownBy(() -> read(file.formatted(controls))).as(controls).isNotNull();
        }
        assertThatThrownBy(() -> read(file.formatted(control).replace("\"v\"", "\"\"")))
                .isNotNull();
    }

    private static ControlCatalogue.Framework read(String json) {
        try {
            return ControlCatalogue.parse(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
