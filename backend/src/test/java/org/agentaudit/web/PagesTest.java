package org.agentaudit.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PagesTest {
    private static final ApplicationContext CONTEXT =
            ApplicationContext.run(Map.of("datasources.default.enabled", "false", "flyway.enabled","false"));

    @AfterAll
    static void stop() {
        CONTEXT.close();
    }

    @Test
    void render_hostileText_isEscaped() {
        String html =
                CONTEXT.getBean(Pages.class)
                        .render(
                                HttpRequest.GET("/login"),
                                "login",
                                new LoginPage("<script>alert(1)</script>", "no \"such\" <b>", "/", "t"))
                        .body();

        assertThat(html).contains("&lt;script&gt;alert(1)").contains("no &quot;such&quot; &lt;b&gt;");
        assertThat(html).doesNotContain("<script>");
    }
}
