package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.agentaudit.query.BadInputException;

/// Where webhooks may be sent to.
@Singleton
class WebhookAddresses {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final List<String> allowed;
    private final boolean privateToo;

    WebhookAddresses(AlertConfig config) {
        this.allowed =
                Arrays.stream(config.webhookHosts().split(",", -1))
                        .map(host -> host.strip().toLowerCase(Locale.ROOT))
                        .filter(host -> !host.isEmpty())
                        .collect(Collectors.toList());
        this.privateToo = config.webhookPrivate();
    }

    /// @throws BadInputException unless the settings allow it
    URI require(String address) {
        URI uri = AlertTargets.uri(address);
        boolean plain = uri.getScheme().equalsIgnoreCase("http");
        if (plain && !privateToo) {
            throw new BadInputException("A webhook's address must start with https://.");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int usual = plain ? HTTP : HTTPS;
        boolean usualPort = uri.getPort() == -1 || uri.getPort() == usual;
        if (!(usualPort && allowed.contains(host)) && !allowed.contains(host + ":" + port(uri))) {
            throw new BadInputException(
                    "Webhooks may not be sent to '%s': it is not in the setting PORTAL_ALERTS_WEBHOOK_HOSTS."
                            .formatted(uri.getRawAuthority()));
        }
        return uri;
    }

    static int port(URI uri) {
        if (uri.getPort() != -1) {
            return uri.getPort();
        }
        return uri.getScheme().equalsIgnoreCase("http") ? HTTP : HTTPS;
    }

    /// Whether a connection to the address may be made.
    boolean mayConnect(InetAddress address) {
        return privateToo || isPublic(address);
    }

    /// Whether the address is one of the public network: not this machine, a private network, a
    /// link, a group, or a way to wrap one of these (IANA special-purpose address registries).
    static boolean isPublic(InetAddress address) {
        byte[] b = address.getAddress();
        int first = b[0] & 0xff;
        int second = b[1] & 0xff;
        if (address instanceof Inet4Address) {
            int third = b[2] & 0xff;
            return first != 0
                    && first != 10
                    && first != 127
                    && first < 224
                    && !(first == 100 && second >= 64 && second < 128)
                    && !(first == 169 && second == 254)
                    && !(first == 172 && second >= 16 && second < 32)
                    && !(first == 192 && second == 168)
                    && !(first == 192 && second == 0 && (third == 0 || third == 2))
                    && !(first == 192 && second == 88 && third == 99)
                    && !(first == 198 && (second == 18 || second == 19))
                    && !(first == 198 && second == 51 && third == 100)
                    && !(first == 203 && second == 0 && third == 113);
        }
        boolean global = (first & 0xe0) == 0x20;
        boolean special = first == 0x20 && second == 0x01 && (b[2] & 0xff) < 2;
        boolean documentation =
                first == 0x20 && second == 0x01 && (b[2] & 0xff) == 0x0d && (b[3] & 0xff) == 0xb8
                        || first == 0x3f && second == 0xff;
        boolean wrapped = first == 0x20 && second == 0x02;
        return global && !special && !documentation && !wrapped;
    }
}
