package org.agentaudit.web;

import org.jspecify.annotations.Nullable;

/// An error as a browser sees it; model of `views/error.html`.
///
/// @param status   HTTP status code
/// @param title    the error in two or three words, for instance `Not found`
/// @param detail   one or two sentences: what happened and what to do next
/// @param nextHref local address of the next step; null when there is none
/// @param nextText words of that link; null when there is none
public record ErrorPage(
        int status,
        String title,
        String detail,
        @Nullable String nextHref,
        @Nullable String nextText) {}
