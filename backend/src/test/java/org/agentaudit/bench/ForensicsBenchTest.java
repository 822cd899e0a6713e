package org.agentaudit.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agentaudit.event.AuditEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForensicsBenchTest {
    @TempDir private Path folder;

    @Test
    void run_countsAgentAndStepOfTheFirstCitedEvent() throws IOException {
        write("a.json", run("q1", "Coder", "1"));
        write("b.json", run("q1", "Coder", "3"));
        write("c.json", run("q1", "Checker", "0"));
        Files.writeString(folder.resolve("other.json"), "{\"history\": []}");

        AttributionReport report = ForensicsBench.run(folder);
        AttributionReport.Half half =
                report.design().runs() == 0 ? report.unseen() : report.design();

        assertThat(report.design().runs() + report.unseen().runs()).isEqualTo(3);
        assertThat(half.runs()).isEqualTo(3);
        assertThat(half.agent()).isEqualTo(2);
        assertThat(half.step()).isEqualTo(1);
        assertThat(half.silent()).isZero();
        assertThat(half.firstAnswerAgent()).isEqualTo(2);
        assertThat(half.firstAnswerStep()).isEqualTo(1);
        assertThat(half.randomStep()).isEqualTo(0.25);
    }

    /// The label is no part of what is analysed.
    @Test
    void events_doNotHoldTheLabel() {
        LabelledRun one = LabelledRun.of(run("q1", "Coder", "1"));
        LabelledRun other = LabelledRun.of(run("q1", "Checker", "3"));

        assertThat(other.events()).isEqualTo(one.events());
        assertThat(ForensicsBench.answer(other)).isEqualTo(ForensicsBench.answer(one));
        assertThat(one.events().stream().map(AuditEvent::content))
                .noneMatch(content -> content.toString().contains("guilty"));
    }

    @Test
    void run_folderWithoutLabelledRuns_isRefused() {
        assertThatThrownBy(() -> ForensicsBench.run(folder))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void write(String name, ObjectNode run) throws IOException {
        Files.writeString(folder.resolve(name), run.toString());
    }

    private static ObjectNode run(String question, String agent, String step) {
        ObjectNode run = LabelledRun.json().createObjectNode();
        run.put("question", "How many towns lie on the lake?")
                .put("question_ID", question)
                .put("mistake_agent", agent)
                .put("mistake_step", step)
                .put("mistake_reason", "guilty")
                .put("ground_truth", "guilty")
                .put("is_correct", false);
        ArrayNode history = run.putArray("history");
        history.addObject().put("name", "Checker").put("content", "Please count the towns.");
        history.addObject().put("name", "Coder").put("content", "Sure. ```count()```");
        history.addObject()
                .put("name", "Computer_terminal")
                .put("content", "exitcode: 1 (execution failed)\nNameError: count");
        history.addObject().put("name", "Checker").put("content", "There are some. TERMINATE");
        return run;
    }
}
