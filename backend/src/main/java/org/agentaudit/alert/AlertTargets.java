package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.agentaudit.query.BadInputException;

/// Who is told of an alert. An action is a list, separated by commas, of `page` (shown in the
/// portal, as every alert is), `mail:<address>`, `webhook:<URL>`, and names that the settings give
/// a list of the other three. `notify_security` and `notify_ops` are names that need no setting.
@Singleton
public class AlertTargets {

    private static final String PAGE = "page";
    private static final String MAIL = "mail:";
    private static final String WEBHOOK = "webhook:";
    private static final Set<String> KNOWN = Set.of("notify_ops", "notify_security");
    private static final int LONGEST = 1_000;
    private static final int MOST = 10;

    private final Map<String, List<Target>> named;
    private final WebhookAddresses addresses;

    AlertTargets(AlertConfig config, WebhookAddresses addresses) {
        this.named = parse(config.targets());
        this.addresses = addresses;
    }

    record Target(AlertDelivery.Channel channel, String address) {}

    /// The names of a setting and what each stands for.
    ///
    /// @throws BadInputException saying what is wrong with it
    static Map<String, List<Target>> parse(String setting) {
        Map<String, List<Target>> named = new LinkedHashMap<>();
        for (String entry : setting.split("[;\n]", -1)) {
            if (entry.isBlank()) {
                continue;
            }
            String[] parts = entry.strip().split("=", 2);
            String name = parts[0].strip();
            if (parts.length < 2 || !name.matches("[a-z][a-z0-9_-]{0,49}") || name.equals(PAGE)) {
                throw new BadInputException(
                        "'%s' must be name=target, for instance notify_ops=mail:ops@example.org"
                                .formatted(entry.strip()));
            }
            List<Target> targets = new ArrayList<>();
            for (String target : parts[1].strip().split("\\s+", -1)) {
                targets.addAll(target(target));
            }
            if (named.put(name, List.copyOf(targets)) != null) {
                throw new BadInputException("the name '%s' is set twice".formatted(name));
            }
        }
        return named;
    }

    /// The names that may stand for targets, sorted.
    List<String> names() {
        return Stream.concat(KNOWN.stream(), named.keySet().stream()).distinct().sorted().toList();
    }

    /// Checks a setting at the start.
    ///
    /// @throws BadInputException saying what is wrong with it
    public static void check(String setting) {
        parse(setting);
    }

    /// What is to be sent to.
    ///
    /// @throws BadInputException when a name is not known or a webhook's host is not allowed
    List<Target> of(String action) {
        if (action.isBlank() || action.length() > LONGEST) {
            throw new BadInputException(
                    "'action' must name a target, for instance notify_ops, mail:ops@example.org or page.");
        }
        Set<Target> targets = new LinkedHashSet<>();
        for (String part : action.split(",", -1)) {
            String name = part.strip();
            List<Target> known = named.get(name);
            if (known != null) {
                targets.addAll(known);
            } else if (!KNOWN.contains(name)) {
                List<Target> direct = target(name);
                for (Target target : direct) {
                    if (target.channel() == AlertDelivery.Channel.WEBHOOK) {
                        addresses.require(target.address());
                    }
                }
                targets.addAll(direct);
            }
        }
        if (targets.size() > MOST) {
            throw new BadInputException("'action' names more than " + MOST + " targets.");
        }
        return List.copyOf(targets);
    }

    private static List<Target> target(String text) {
        if (text.equals(PAGE)) {
            return List.of();
        }
        if (text.startsWith(MAIL)) {
            String address = text.substring(MAIL.length());
            if (!address.matches("[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*")
                    || address.length() > 254) {
                throw new BadInputException("'%s' is no mail address.".formatted(address));
            }
            return List.of(new Target(AlertDelivery.Channel.MAIL, address));
        }
        if (text.startsWith(WEBHOOK)) {
            String address = text.substring(WEBHOOK.length());
            uri(address);
            return List.of(new Target(AlertDelivery.Channel.WEBHOOK, address));
        }
        throw new BadInputException(
                "'%s' is no target: use page, mail:<address>, webhook:<URL> or a name of the setting PORTAL_ALERTS_TARGETS."
                        .formatted(text));
    }

    /// @throws BadInputException unless it is an HTTP address with a host
    static URI uri(String address) {
        try {
            URI uri = new URI(address);
            String scheme = uri.getScheme();
            if (uri.getHost() != null
                    && scheme != null
                    && Set.of("http", "https").contains(scheme.toLowerCase(Locale.ROOT))
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null
                    && uri.toASCIIString().equals(address)) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw wrongAddress();
        }
        throw wrongAddress();
    }

    private static BadInputException wrongAddress() {
        return new BadInputException(
                "A webhook's address must be like https://hooks.example.org/path, without user or fragment.");
    }

    /// For people: without the path, which may be a secret.
    static String shown(AlertDelivery.Channel channel, String target) {
        if (channel == AlertDelivery.Channel.MAIL) {
            return target;
        }
        URI uri = uri(target);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
