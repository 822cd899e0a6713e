package org.agentaudit.web;

/// Problem details of an HTTP answer (RFC 9457); `type` is left out, which means `about:blank`.
///
/// @param title  the status in words
/// @param detail what to change
record Problem(String title, int status, String detail) {}
