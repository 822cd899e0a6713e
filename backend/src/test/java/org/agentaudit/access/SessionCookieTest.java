package org.agentaudit.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpRequest;
import org.junit.jupiter.api.Test;

class SessionCookieTest {
    private final SessionCookie cookies = new SessionCookie("https://audit.example");

    private static MutableHttpRequest<?> post(String origin) {
        return HttpRequest.POST("/graphql", "{}")
                .header("Host", "10.0.0.7:8080")
                .header("Origin", origin);
    }

    @Test
    void isOwn_origin_mustBeThePortal() {
        assertThat(cookies.isOwn(post("https://audit.example"))).isTrue();
        assertThat(cookies.isOwn(post("http://10.0.0.7:8080"))).isTrue();

        assertThat(cookies.isOwn(post("http://audit.example"))).isFalse();
        assertThat(cookies.isOwn(post("https://audit.example.evil.example"))).isFalse();
        assertThat(cookies.isOwn(post("https://evil.example"))).isFalse();
        assertThat(cookies.isOwn(post("http://10.0.0.7"))).isFalse();
        assertThat(cookies.isOwn(post("null"))).isFalse();
        assertThat(cookies.isOwn(post("%%%"))).isFalse();
    }

    @Test
    void isOwn_fetchMetadata_decidesWhereItIsSent() {
        assertThat(
                        cookies.isOwn(
                                post("https://audit.example")
                                        .header("Sec-Fetch-Site", "cross-site")))
                .isFalse();
        assertThat(
                        cookies.isOwn(
                                HttpRequest.POST("/graphql", "{}")
                                        .header("Sec-Fetch-Site", "cross-site")
                                        .header("Sec-Fetch-Mode", "navigate")
                                        .header("Sec-Fetch-Dest", "document")))
                .as("a foreign form")
                .isFalse();
    }
}
