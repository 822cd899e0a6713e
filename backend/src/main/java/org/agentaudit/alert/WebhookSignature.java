package org.agentaudit.alert;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.agentaudit.query.BadInputException;

/// Signs webhooks as Standard Webhooks 1.0.0 has it: HMAC-SHA256 over `id.timestamp.body`.
public final class WebhookSignature {

    private static final String PREFIX = "whsec_";
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;
    private static final String ALGORITHM = "HmacSHA256";

    private WebhookSignature() {}

    /// Checks a setting at the start.
    ///
    /// @throws BadInputException saying what is wrong with it
    public static void check(String secret) {
        key(secret);
    }

    /// @param secret `whsec_` and 24 to 64 bytes in base64
    /// @throws BadInputException when it is not of that form
    static byte[] key(String secret) {
        try {
            byte[] key =
                    Base64.getDecoder()
                            .decode(
                                    secret.startsWith(PREFIX)
                                            ? secret.substring(PREFIX.length())
                                            : "");
            if (key.length >= SHORTEST && key.length <= LONGEST) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            throw wrong();
        }
        throw wrong();
    }

    /// Value of the header `webhook-signature`.
    ///
    /// @param timestamp of the attempt, seconds since 1970
    static String of(byte[] key, String id, long timestamp, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            byte[] signed = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BadInputException wrong() {
        return new BadInputException(
                "it must be whsec_ and 24 to 64 random bytes in base64, for instance of 'openssl rand -base64 32'");
    }
}
