package org.agentaudit.mail;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;

/// The SMTP server (`PORTAL_SMTP_…`).
///
/// @param host     empty: there is none, and nothing is sent
/// @param port     0: the usual one, 465 for TLS, 587 for STARTTLS, 25 for neither
/// @param username empty: no sign-in
/// @param tls      required as set: nothing is sent in clear where it is not NONE
/// @param timeout  longest wait for a connection, an answer, and for a write to be taken
@ConfigurationProperties("portal.smtp")
record SmtpConfig(
        @Bindable(defaultValue = "") @NotNull String host,
        @Bindable(defaultValue = "0") @PositiveOrZero int port,
        @Bindable(defaultValue = "") @NotNull String username,
        @Bindable(defaultValue = "") @NotNull String password,
        @Bindable(defaultValue = "starttls") @NotNull Tls tls,
        @Bindable(defaultValue = "20s") @NotNull Duration timeout) {

    /// How the connection is protected.
    enum Tls {
        NONE,
        STARTTLS,
        TLS
    }

    private static final int SMTPS = 465;
    private static final int SUBMISSION = 587;
    private static final int SMTP = 25;

    int effectivePort() {
        if (port > 0) {
            return port;
        }
        return switch (tls) {
            case TLS -> SMTPS;
            case STARTTLS -> SUBMISSION;
            case NONE -> SMTP;
        };
    }

    @Override
    public String toString() {
        return "%s:%d %s".formatted(host, effectivePort(), tls);
    }
}
