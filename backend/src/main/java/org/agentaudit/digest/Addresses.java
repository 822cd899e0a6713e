package org.agentaudit.digest;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.delivery.ReportMail;
import org.agentaudit.web.Links;

/// Absolute addresses of pages about the days of a mail.
final class Addresses {

    private static final int LONGEST = 500;

    private final ReportMail mail;
    private final Links links = new Links();

    Addresses(ReportMail mail) {
        this.mail = mail;
    }

    String daily(LocalDate date) {
        return mail.portal() + links.daily(date);
    }

    String compliance() {
        return ofPeriod("/compliance");
    }

    String findings() {
        return ofPeriod("/findings");
    }

    String agents() {
        return ofPeriod("/agents");
    }

    String costs() {
        return ofPeriod("/costs");
    }

    /// The agent's page; the list of agents for an id that is too long for an address in a mail.
    String agent(String agentId) {
        String page = ofPeriod(links.agent(agentId));
        return page.length() > LONGEST ? agents() : page;
    }

    /// The errored events of the days, in the explorer.
    String errors() {
        return ofPeriod("/events") + "&errored=true";
    }

    /// An address of the portal; its first page for one that is too long for a mail.
    String local(String path) {
        return mail.portal() + (path.length() > LONGEST ? "/" : path);
    }

    private String ofPeriod(String path) {
        Map<String, List<String>> period = new LinkedHashMap<>();
        period.put("from", List.of(mail.from().toString()));
        period.put("to", List.of(mail.to().toString()));
        return mail.portal() + Links.address(path, period);
    }
}
