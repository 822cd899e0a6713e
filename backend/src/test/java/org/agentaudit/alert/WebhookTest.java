package org.agentaudit.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.agentaudit.query.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures, addresses and names of targets, without a network.
class WebhookTest {

    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// The reference vector of Standard Webhooks.
    @Test
    void signature_isThatOfTheStandard() {
        assertThat(
                        WebhookSignature.of(
                                WebhookSignature.key(SECRET),
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                1_614_265_330,
                                "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!!"})
    void weakSecrets_areRefused(String secret) {
        assertThatThrownBy(() -> WebhookSignature.key(secret))
                .isInstanceOf(BadInputException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "198.18.0.1",
                "::1",
                "::",
                "fe80::1",
                "fd00::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::",
                "2001:0:1::1",
                "2001:db8::1"
            })
    void privateAddresses_areNotConnectedTo(String address) throws UnknownHostException {
        assertThat(WebhookAddresses.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111"})
    void publicAddresses_are(String address) throws UnknownHostException {
        assertThat(WebhookAddresses.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hooks.example.org/x",
                "https://evil.example.org/x",
                "https://hooks.example.org:8443/x",
                "https://user@hooks.example.org/x",
                "https://hooks.example.org/x#y",
                "https://hooks.example.org.evil.org/",
                "ftp://hooks.example.org/x",
                "https://hooks.example.org/a b",
                "https:/hooks.example.org"
            })
    void otherAddresses_areNotAllowed(String address) {
        WebhookAddresses addresses =
                new WebhookAddresses(config("", "hooks.example.org, other.example.org:8443"));
        assertThatThrownBy(() -> addresses.require(address)).isInstanceOf(BadInputException.class);
    }

    @Test
    void allowedAddresses_are() {
        WebhookAddresses addresses =
                new WebhookAddresses(config("", "hooks.example.org, other.example.org:8443"));
        assertThat(addresses.require("https://Hooks.example.org/x?y=1").getHost())
                .isEqualTo("Hooks.example.org");
        assertThat(addresses.require("https://other.example.org:8443/").getPort()).isEqualTo(8443);
    }

    @Test
    void actions_nameTargets() {
        AlertConfig config =
                config(
                        "notify_ops=mail:ops@example.org webhook:https://hooks.example.org/ops; pager=webhook:https://hooks.example.org/p",
                        "hooks.example.org");
        AlertTargets targets = new AlertTargets(config, new WebhookAddresses(config));
        assertThat(targets.of("notify_security")).isEmpty();
        assertThat(targets.of("page")).isEmpty();
        assertThat(targets.of("notify_ops, pager, mail:ops@example.org"))
                .extracting(AlertTargets.Target::address)
                .containsExactly(
                        "ops@example.org",
                        "https://hooks.example.org/ops",
                        "https://hooks.example.org/p");
        for (String wrong :
                new String[] {
                    "", "notify_nobody", "mail:ops", "webhook:https://evil.org/", "page,,page"
                }) {
            assertThatThrownBy(() -> targets.of(wrong)).isInstanceOf(BadInputException.class);
        }
        for (String wrong :
                new String[] {"ops", "=mail:a@b.c", "a=b", "page=mail:a@b.c", "a=page;a=page"}) {
            assertThatThrownBy(() -> AlertTargets.parse(wrong))
                    .isInstanceOf(BadInputException.class);
        }
        assertThat(AlertTargets.shown(AlertDelivery.Channel.WEBHOOK, "https://h.org:1/secret?k=1"))
                .isEqualTo("https://h.org:1");
    }

    private static AlertConfig config(String targets, String hosts) {
        return new AlertConfig(
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                targets,
                hosts,
                false,
                SECRET,
                Duration.ofSeconds(10));
    }
}
